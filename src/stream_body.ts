import { utf8 } from "./digest.ts";
import { BedrockError } from "./errors.ts";

/** A body that can be read only once: a stream of the platform's or of Node's, or a generator. */
export type OneShotBody = ReadableStream<unknown> | AsyncIterable<unknown>;

/** Whether a body can be read piece by piece. */
export function isStream(body: unknown): body is OneShotBody {
  return typeof body === "object" && body !== null &&
    (body instanceof ReadableStream || Symbol.asyncIterator in body);
}

/** The platform's stream of a body, which every `fetch` takes. */
export function streamOf(body: OneShotBody): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pieces = piecesOf(body);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  }, { highWaterMark: 0 });
}

/**
 * Reads a body whole.
 *
 * @throws {BedrockError} `body_not_replayable` if it is longer than the limit
 */
export async function bytesUpTo(
  body: OneShotBody,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const piece of piecesOf(body)) {
    pieces.push(piece);
    length += piece.length;
    if (length > limit) {
      throw new BedrockError(
        "body_not_replayable",
        `Cannot sign a stream of more than ${limit} bytes, the \`bufferLimit\`. Raise it, or set ` +
          "`unsignedPayload` to send streams unsigned over https",
      );
    }
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

async function* piecesOf(body: OneShotBody): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for await (const piece of iterated(body)) {
    yield typeof piece === "string" ? utf8(piece) : new Uint8Array(
      piece as Uint8Array<ArrayBuffer>,
    );
  }
}

/** Not every runtime iterates the platform's streams. */
async function* iterated(body: OneShotBody): AsyncGenerator<unknown, void> {
  if (!(body instanceof ReadableStream)) return yield* body;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
