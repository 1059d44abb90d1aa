const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Random lower-case base32: request and response ids end in 52 such characters. */
export function base32(length = 52): string {
  const random = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(random, (byte) => BASE32[byte % 32]).join("");
}

/** Random lower-case hexadecimal digits: output items end in 32 (or, for gpt-oss, 16) of them. */
export function hex(length = 32): string {
  const random = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(random, (byte) => (byte % 16).toString(16)).join("");
}
