const encoder = new TextEncoder();

/** Encodes a text as UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Joins two byte arrays. */
export function concat(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Encodes bytes as lower-case hexadecimal. Uses a loop, as iterators are slow on Bun. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at++) text += PAIRS[bytes[at]!];
  return text;
}

/** Decodes lower-case hexadecimal. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = decodeDigit(text.charCodeAt(2 * at)) * 16 +
      decodeDigit(text.charCodeAt(2 * at + 1));
  }
  return bytes;
}

/** Decodes a character code of `0` to `9` or `a` to `f`. */
function decodeDigit(code: number): number {
  return code < 97 ? code - 48 : code - 87;
}
