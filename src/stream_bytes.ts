import { copiedBytes, utf8 } from "./bytes.ts";
import { BedrockError } from "./errors.ts";
import type { OneShotBody } from "./stream_body.ts";

/** The platform's stream of a body, which every `fetch` takes. */
export function streamOf(body: OneShotBody): ReadableStream<unknown> {
  if (body instanceof ReadableStream) return body;
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(bytesOf(value));
    },
    async cancel() {
      await pieces.return?.();
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
  const reader = streamOf(body).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(pieces).arrayBuffer());
    const piece = bytesOf(value);
    pieces.push(piece);
    length += piece.length;
    if (length <= limit) continue;
    reader.cancel().catch(() => {});
    throw new BedrockError(
      "body_not_replayable",
      `Cannot sign a stream of more than ${limit} bytes, the \`bufferLimit\`. Raise it, or set ` +
        "`unsignedPayload` to send streams unsigned over https",
    );
  }
}

function bytesOf(piece: unknown): Uint8Array<ArrayBuffer> {
  const bytes = typeof piece === "string" ? utf8(piece) : copiedBytes(piece);
  if (bytes) return bytes;
  throw new BedrockError(
    "body_not_replayable",
    `Cannot sign a stream of ${typeof piece} values. Let it yield bytes or texts`,
  );
}
