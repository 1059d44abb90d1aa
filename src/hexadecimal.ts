const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal, by a loop: on Bun an iterator takes most of the time. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at++) text += pairs[bytes[at]!];
  return text;
}

/** The bytes of lower-case hexadecimal. */
export function unhex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = digit(text.charCodeAt(2 * at)) * 16 + digit(text.charCodeAt(2 * at + 1));
  }
  return bytes;
}

/** What a character of `0` to `9` or `a` to `f` stands for. */
function digit(code: number): number {
  return code < 97 ? code - 48 : code - 87;
}
