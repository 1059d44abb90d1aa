import { Refusal } from "../loopback/refusal.ts";

/**
 * Reads a body that must be held to be signed.
 *
 * @throws {Refusal} As soon as it is known to be longer than the limit.
 */
export async function bufferedWithin(
  limit: number,
  { headers, body }: Request,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(headers.get("content-length")) > limit) throw tooLarge(limit);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function tooLarge(limit: number): Refusal {
  return new Refusal(
    413,
    "request_too_large",
    "invalid_request_error",
    `The body is longer than the ${limit} bytes that are held to sign it: ` +
      "send less, or let the proxy use a bearer token, with which bodies are not held",
  );
}
