/** A body that can be read only once: a stream of the platform's or of Node's, or a generator. */
export type OneShotBody = ReadableStream<unknown> | AsyncIterable<unknown>;

/** Whether a body can be read piece by piece. */
export function isStream(body: unknown): body is OneShotBody {
  return typeof body === "object" && body !== null &&
    (body instanceof ReadableStream || Symbol.asyncIterator in body);
}
