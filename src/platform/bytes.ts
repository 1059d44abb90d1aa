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

/** Copies the exact window of a view, or a whole buffer, of any realm; `undefined` for anything else. */
export function copyBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (isArrayBuffer(value)) return new Uint8Array(value.slice(0));
  if (!ArrayBuffer.isView(value) || !isArrayBuffer(value.buffer)) return undefined;
  const { buffer, byteOffset, byteLength } = value;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}
