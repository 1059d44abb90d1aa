/** A body that can be read only once: a platform or Node stream, or a generator. */
export type OneShotBody = ReadableStream<unknown> | AsyncIterable<unknown>;

/** Checks if a body is read chunk by chunk. */
export function isStream(body: unknown): body is OneShotBody {
  return typeof body === "object" && body !== null &&
    (body instanceof ReadableStream || Symbol.asyncIterator in body);
}

/**
 * Copies bodies that the caller can change: buffers and forms. `fetch` copies them when called,
 * too.
 */
export function copyBody(body: unknown): unknown {
  if (typeof body === "string") return body;
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!(body instanceof FormData)) return copyBytes(body) ?? body;
  const form = new FormData();
  body.forEach((value, name) => form.append(name, value));
  return form;
}

/** Copies a buffer, or the window of a view, of any realm; `undefined` for anything else. */
export function copyBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (isArrayBuffer(value)) return new Uint8Array(value.slice(0));
  if (!ArrayBuffer.isView(value) || !isArrayBuffer(value.buffer)) return undefined;
  const { buffer, byteOffset, byteLength } = value;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}
