import { utf8 } from "./digest.ts";
import { BedrockError } from "./errors.ts";

/** A body whose bytes are known before it is sent. */
export interface SignableBody {
  /** What to hash. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What to send; the very bytes, or a value that the runtime turns into them. */
  readonly send: BodyInit | undefined;
  /** The content type that `fetch` would have set for the original body. */
  readonly contentType?: string | undefined;
}

/** Copies a buffer, as `fetch` does when it is called, so that the caller may go on using it. */
export function snapshot(body: unknown): unknown {
  return copiedBytes(body) ?? body;
}

/**
 * Takes a body whose exact bytes can be hashed before it is sent, and returns how to read them.
 *
 * @throws {BedrockError} `body_not_replayable` at once for streams and other one-shot bodies
 */
export function signableBody(body: unknown): () => SignableBody | Promise<SignableBody> {
  if (body === undefined || body === null) return () => ({ bytes: utf8(""), send: undefined });
  if (typeof body === "string") {
    return () => ({ bytes: utf8(body), send: body, contentType: "text/plain;charset=UTF-8" });
  }
  const bytes = copiedBytes(body);
  if (bytes) return () => ({ bytes, send: bytes });
  // `Response` is the platform's own serializer, which writes the boundary of a form only once
  if (isSerializable(body)) {
    const response = new Response(body);
    return () => serialized(response);
  }
  if (body instanceof Request) return () => serialized(body.clone());
  throw new BedrockError(
    "body_not_replayable",
    "Cannot sign a stream or another body that can be read only once. " +
      "Buffer it first (an upload, with `await toFile(stream, name)`), or use a bearer token",
  );
}

function isSerializable(body: unknown): body is Blob | FormData | URLSearchParams {
  return body instanceof Blob || body instanceof FormData || body instanceof URLSearchParams;
}

async function serialized(source: Request | Response): Promise<SignableBody> {
  // Read first: on Bun the header goes with the body
  const contentType = source.headers.get("content-type") ?? undefined;
  const bytes = new Uint8Array(await source.arrayBuffer());
  return { bytes, send: bytes, contentType };
}

/** The exact window of a view, or a whole buffer, of any realm. */
function copiedBytes(body: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (isArrayBuffer(body)) return new Uint8Array(body.slice(0));
  if (!ArrayBuffer.isView(body) || !isArrayBuffer(body.buffer)) return undefined;
  const { buffer, byteOffset, byteLength } = body;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}
