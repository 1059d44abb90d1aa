const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Generates lower-case base32: request and response ids end in 52 such characters. */
export function base32(length = 52): string {
  const random = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(random, (byte) => BASE32[byte % 32]).join("");
}

/** Generates lower-case hexadecimal digits: ids of output items end in 32 of them, or 16 for gpt-oss. */
export function hex(length = 32): string {
  const random = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(random, (byte) => (byte % 16).toString(16)).join("");
}
