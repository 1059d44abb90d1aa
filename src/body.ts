import { BedrockError } from "./errors.ts";
import { utf8 } from "./digest.ts";

/** A body whose bytes are known before it is sent. */
export interface SignableBody {
  /** What to hash. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What to send; the very bytes, or a value that the runtime turns into them. */
  readonly send: BodyInit | undefined;
  /** The content type that `fetch` would have set for the original body. */
  readonly contentType?: string;
}

/**
 * Takes a body whose exact bytes can be hashed before it is sent, and returns how to read them.
 *
 * @throws {BedrockError} `body_not_replayable` at once for streams and other one-shot bodies
 */
export function signableBody(body: unknown): () => SignableBody | Promise<SignableBody> {
  if (body === undefined || body === null) return () => ({ bytes: utf8(""), send: undefined });
  if (typeof body === "string") return () => ({ bytes: utf8(body), send: body });
  if (body instanceof ArrayBuffer) return () => exactly(new Uint8Array(body));
  if (ArrayBuffer.isView(body) && body.buffer instanceof ArrayBuffer) {
    const { buffer, byteOffset, byteLength } = body;
    return () => exactly(new Uint8Array(buffer, byteOffset, byteLength));
  }
  if (body instanceof URLSearchParams) {
    const contentType = "application/x-www-form-urlencoded;charset=UTF-8";
    return () => ({ ...exactly(utf8(body.toString())), contentType });
  }
  if (body instanceof Blob || body instanceof FormData) return () => serialized(body);
  if (body instanceof Request) return () => serialized(body.clone());
  throw new BedrockError(
    "body_not_replayable",
    "Cannot sign a stream or another body that can be read only once. " +
      "Buffer it first (an upload, with `await toFile(stream, name)`), or use a bearer token",
  );
}

function exactly(bytes: Uint8Array<ArrayBuffer>): SignableBody {
  return { bytes, send: bytes };
}

/** `Response` is the platform's own serializer, which writes the boundary of a form only once. */
async function serialized(body: Blob | FormData | Request): Promise<SignableBody> {
  const response = body instanceof Request ? body : new Response(body);
  const contentType = response.headers.get("content-type") ?? undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { ...exactly(bytes), ...(contentType && { contentType }) };
}
