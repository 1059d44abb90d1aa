import { BedrockError } from "../errors.ts";
import type { BodyOptions } from "../options.ts";
import { copyBytes, isStream, type OneShotBody } from "../platform/body.ts";
import { utf8 } from "../platform/bytes.ts";
import { isSignable, listHeaders } from "../platform/headers.ts";
import { andThen, type MaybePromise } from "../platform/lazy.ts";
import { normalizeQuery, signHeaders, type SigningNow } from "../sigv4/sign.ts";
import type { Attached, UnauthorizedRequest } from "./authenticator.ts";

/** Signs a request, and adds the signature to its headers. */
export function signRequest(
  { url, parsedUrl, method, headers, body }: UnauthorizedRequest<SignableBody>,
  signing: SigningNow,
): MaybePromise<Attached> {
  const { payload, send, contentType } = body;
  setContentType(headers, contentType);
  const own = listHeaders(headers).filter(isSignable);
  const hash = payload === null ? "UNSIGNED-PAYLOAD" : signing.digest.sha256(payload);
  return andThen(hash, (payloadHash) => {
    const unsigned = { method, url: parsedUrl, headers: own, payloadHash };
    return andThen(signHeaders(unsigned, signing), (added) => {
      for (const [name, value] of added) headers.set(name, value);
      return { url: normalizeQuery(url), body: send, covered: [...own, ...added], isSealed: true };
    });
  });
}

/**
 * Sets the content type unless the caller did; for forms always, as only the serializer knows the
 * boundary.
 */
function setContentType(headers: Headers, contentType: string | undefined): void {
  if (!contentType) return;
  if (contentType.startsWith("multipart/form-data") || !headers.has("content-type")) {
    headers.set("content-type", contentType);
  }
}

/** A body whose bytes are known before it is sent, or that is sent unsigned. */
export interface SignableBody {
  /** The content to hash; `null` if the body is sent unsigned. */
  readonly payload: Uint8Array<ArrayBuffer> | string | null;
  /** The value to send: those bytes, or something the runtime turns into them. */
  readonly send: NonNullable<RequestInit["body"]> | undefined;
  /** The content type that `fetch` would set for the original body. */
  readonly contentType: string | undefined;
}

/**
 * Reads a body into the exact bytes to sign and send. It must be a copy that nobody else changes.
 *
 * @param isPrivate True if it will be sent over https.
 * @throws {BedrockError} `body_not_replayable` for a one-shot body, unless the options allow it
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
  // Shared memory could change after signing
  if (body instanceof Uint8Array && body.buffer instanceof ArrayBuffer) {
    const bytes = body as Uint8Array<ArrayBuffer>;
    return { payload: bytes, send: bytes, contentType: undefined };
  }
  // `Response` is the platform's serializer; each use writes a new form boundary
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
      "it, set {unsignedPayload} to send it unsigned over https, buffer it yourself (uploads: " +
      "`await toFile(stream, name)`), or use a bearer token",
  );
}

function isSerializable(body: unknown): body is Blob | FormData | URLSearchParams {
  return body instanceof Blob || body instanceof FormData || body instanceof URLSearchParams;
}

async function serialize(source: Request | Response): Promise<SignableBody> {
  // Read first: Bun drops the header with the body
  const contentType = source.headers.get("content-type") ?? undefined;
  const payload = new Uint8Array(await source.arrayBuffer());
  return { payload, send: payload, contentType };
}

/** Turns a body into a platform stream, which every `fetch` takes. */
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
      `Cannot sign a stream of more than ${limit} bytes. Raise {bufferLimit}, or set ` +
        "{unsignedPayload} to send streams unsigned over https",
    );
  }
}

function toBytes(piece: unknown): Uint8Array<ArrayBuffer> {
  const bytes = typeof piece === "string" ? utf8(piece) : copyBytes(piece);
  if (bytes) return bytes;
  throw new BedrockError(
    "body_not_replayable",
    `Cannot send a stream of ${typeof piece} values. Yield bytes or strings`,
  );
}
