import { copyBytes } from "../platform/bytes.ts";

/** A body that can be read only once: a stream of the platform or of Node, or a generator. */
export type OneShotBody = ReadableStream<unknown> | AsyncIterable<unknown>;

/** Tells whether a body can be read piece by piece. */
export function isStream(body: unknown): body is OneShotBody {
  return typeof body === "object" && body !== null &&
    (body instanceof ReadableStream || Symbol.asyncIterator in body);
}

/** Copies what its owner can change, as `fetch` does when it is called: buffers and forms. */
export function copyBody(body: unknown): unknown {
  if (typeof body === "string") return body;
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!(body instanceof FormData)) return copyBytes(body) ?? body;
  const form = new FormData();
  body.forEach((value, name) => form.append(name, value));
  return form;
}
