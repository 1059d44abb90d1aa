import { BedrockError } from "../errors.ts";
import type { BodyOptions } from "../options.ts";
import { copyBytes, utf8 } from "../platform/bytes.ts";
import type { MaybePromise } from "../platform/lazy.ts";
import { isStream, type OneShotBody } from "./body.ts";

/** A body whose bytes are known before it is sent, or that may go unsigned. */
export interface SignableBody {
  /** What to hash; `null` if it goes unsigned. */
  readonly payload: Uint8Array<ArrayBuffer> | string | null;
  /** What to send; the very bytes, or a value that the runtime turns into them. */
  readonly send: NonNullable<RequestInit["body"]> | undefined;
  /** The content type that `fetch` would have set for the original body. */
  readonly contentType: string | undefined;
}

/**
 * Reads a body, which must be a copy that nobody else changes, to the exact bytes to sign and send.
 *
 * @param isPrivate Whether it will be sent over https.
 * @throws {BedrockError} `body_not_replayable` for a one-shot body that the options do not allow
 */
export function readSignableBody(
  body: unknown,
  options: BodyOptions,
  isPrivate: boolean,
): MaybePromise<SignableBody> {
  if (body === undefined || body === null) {
    return { payload: "", send: undefined, contentType: undefined };
  }
  if (typeof body === "string") {
    return { payload: body, send: body, contentType: "text/plain;charset=UTF-8" };
  }
  // Not of shared memory, which is no copy
  if (body instanceof Uint8Array && body.buffer instanceof ArrayBuffer) {
    const bytes = body as Uint8Array<ArrayBuffer>;
    return { payload: bytes, send: bytes, contentType: undefined };
  }
  // `Response` is the platform's own serializer, which writes the boundary of a form only once
  if (isSerializable(body)) return serialize(new Response(body));
  if (body instanceof Request) return serialize(body.clone());
  return readOneShot(isStream(body) ? body : undefined, options, isPrivate);
}

function readOneShot(
  body: OneShotBody | undefined,
  { unsignedPayload, bufferLimit = 0 }: BodyOptions,
  isPrivate: boolean,
): MaybePromise<SignableBody> {
  if (body && unsignedPayload && isPrivate) {
    return { payload: null, send: toStream(body) as BodyInit, contentType: undefined };
  }
  if (body && bufferLimit > 0) {
    return readUpTo(body, bufferLimit).then((payload) => {
      return { payload, send: payload, contentType: undefined };
    });
  }
  throw new BedrockError(
    "body_not_replayable",
    "Cannot sign a stream or another body that can be read only once. Set {bufferLimit} to buffer " +
      "it, or {unsignedPayload} to send it unsigned over https, or buffer it first (an upload, " +
      "with `await toFile(stream, name)`), or use a bearer token",
  );
}

function isSerializable(body: unknown): body is Blob | FormData | URLSearchParams {
  return body instanceof Blob || body instanceof FormData || body instanceof URLSearchParams;
}

async function serialize(source: Request | Response): Promise<SignableBody> {
  // Read first: on Bun the header goes with the body
  const contentType = source.headers.get("content-type") ?? undefined;
  const payload = new Uint8Array(await source.arrayBuffer());
  return { payload, send: payload, contentType };
}

/** Turns a body into a stream of the platform, which every `fetch` takes. */
export function toStream(body: OneShotBody): ReadableStream<unknown> {
  if (body instanceof ReadableStream) return body;
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(toBytes(value));
    },
    async cancel() {
      await pieces.return?.();
    },
  }, { highWaterMark: 0 });
}

async function readUpTo(body: OneShotBody, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = toStream(body).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(pieces).arrayBuffer());
    const piece = toBytes(value);
    pieces.push(piece);
    length += piece.length;
    if (length <= limit) continue;
    reader.cancel().catch(() => {});
    throw new BedrockError(
      "body_not_replayable",
      `Cannot sign a stream of more than ${limit} bytes, the {bufferLimit}. Raise it, or set ` +
        "{unsignedPayload} to send streams unsigned over https",
    );
  }
}

function toBytes(piece: unknown): Uint8Array<ArrayBuffer> {
  const bytes = typeof piece === "string" ? utf8(piece) : copyBytes(piece);
  if (bytes) return bytes;
  throw new BedrockError(
    "body_not_replayable",
    `Cannot sign a stream of ${typeof piece} values. Let it yield bytes or strings`,
  );
}
