import { copiedBytes } from "./bytes.ts";
import { BedrockError } from "./errors.ts";
import type { Soon } from "./soon.ts";
import { isStream, type OneShotBody } from "./stream_body.ts";

/** How bodies are signed that can be read only once. */
export interface BodyOptions {
  /**
   * Sends a stream over https with AWS keys as it comes, without covering it by the signature.
   *
   * @default {false}
   */
  unsignedPayload?: boolean | undefined;
  /**
   * Buffers a stream of up to so many bytes, to sign it with AWS keys.
   *
   * @default {0}
   */
  bufferLimit?: number | undefined;
}

/** A body whose bytes are known before it is sent, or may go unsigned. */
export interface SignableBody {
  /** What to hash; `null` where it goes unsigned. */
  readonly payload: Uint8Array<ArrayBuffer> | string | null;
  /** What to send; the very bytes, or a value that the runtime turns into them. */
  readonly send: NonNullable<RequestInit["body"]> | undefined;
  /** The content type that `fetch` would have set for the original body. */
  readonly contentType: string | undefined;
}

/** Copies what its owner can change, as `fetch` does when it is called: buffers and forms. */
export function snapshot(body: unknown): unknown {
  if (typeof body === "string") return body;
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!(body instanceof FormData)) return copiedBytes(body) ?? body;
  const form = new FormData();
  body.forEach((value, name) => form.append(name, value));
  return form;
}

/**
 * Takes a body whose exact bytes can be hashed before it is sent, and returns how to read them.
 *
 * @throws {BedrockError} `body_not_replayable` at once for streams and other one-shot bodies that
 * the options leave no way for
 */
export function signableBody(
  body: unknown,
  options: BodyOptions & { readonly isPrivate?: boolean } = {},
): () => Soon<SignableBody> {
  if (body === undefined || body === null) {
    return () => ({ payload: "", send: undefined, contentType: undefined });
  }
  if (typeof body === "string") {
    return () => ({ payload: body, send: body, contentType: "text/plain;charset=UTF-8" });
  }
  const bytes = copiedBytes(body);
  if (bytes) return () => ({ payload: bytes, send: bytes, contentType: undefined });
  // `Response` is the platform's own serializer, which writes the boundary of a form only once
  if (isSerializable(body)) {
    const response = new Response(body);
    return () => serialized(response);
  }
  if (body instanceof Request) return () => serialized(body.clone());
  return oneShot(isStream(body) ? body : undefined, options);
}

function oneShot(
  body: OneShotBody | undefined,
  { unsignedPayload, bufferLimit = 0, isPrivate }: BodyOptions & { readonly isPrivate?: boolean },
): () => Soon<SignableBody> {
  if (body && unsignedPayload && isPrivate) {
    return async () => {
      const { streamOf } = await import("./stream_bytes.ts");
      return { payload: null, send: streamOf(body) as BodyInit, contentType: undefined };
    };
  }
  if (body && bufferLimit > 0) {
    return async () => {
      const { bytesUpTo } = await import("./stream_bytes.ts");
      const payload = await bytesUpTo(body, bufferLimit);
      return { payload, send: payload, contentType: undefined };
    };
  }
  throw new BedrockError(
    "body_not_replayable",
    "Cannot sign a stream or another body that can be read only once. Set `bufferLimit` to buffer " +
      "it, or `unsignedPayload` to send it unsigned over https, or buffer it first (an upload, " +
      "with `await toFile(stream, name)`), or use a bearer token",
  );
}

function isSerializable(body: unknown): body is Blob | FormData | URLSearchParams {
  return body instanceof Blob || body instanceof FormData || body instanceof URLSearchParams;
}

async function serialized(source: Request | Response): Promise<SignableBody> {
  // Read first: on Bun the header goes with the body
  const contentType = source.headers.get("content-type") ?? undefined;
  const payload = new Uint8Array(await source.arrayBuffer());
  return { payload, send: payload, contentType };
}
