const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal. */
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

/** One after the other. */
export function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** A copy of the exact window of a view, or of a whole buffer, of any realm. */
export function copiedBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (isArrayBuffer(value)) return new Uint8Array(value.slice(0));
  if (!ArrayBuffer.isView(value) || !isArrayBuffer(value.buffer)) return undefined;
  const { buffer, byteOffset, byteLength } = value;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}
