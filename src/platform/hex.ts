const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Encodes bytes as lower-case hexadecimal. By a loop: on Bun an iterator takes most of the time. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at++) text += PAIRS[bytes[at]!];
  return text;
}

/** Decodes lower-case hexadecimal. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = digit(text.charCodeAt(2 * at)) * 16 + digit(text.charCodeAt(2 * at + 1));
  }
  return bytes;
}

/** The value of a character of `0` to `9` or `a` to `f`. */
function digit(code: number): number {
  return code < 97 ? code - 48 : code - 87;
}
