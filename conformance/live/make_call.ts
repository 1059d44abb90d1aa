import type { Chunk } from "../cassette.ts";
import type { LiveCall } from "./calls.ts";

/** A response as it arrived. */
export interface LiveResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  /** The chunks of the body, with the milliseconds before each. */
  readonly chunks: readonly Chunk[];
}

/** Makes a call through an authenticated `fetch`, and reads the whole response. */
export async function makeCall(
  { method, path, body }: LiveCall,
  root: string,
  fetch: typeof globalThis.fetch,
  now: () => number = Date.now,
): Promise<LiveResponse> {
  const response = await fetch(new URL(path, root).href, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const chunks: Chunk[] = [];
  const decoder = new TextDecoder();
  let last = now();
  for await (const piece of response.body ?? []) {
    const text = decoder.decode(piece, { stream: true });
    const time = now();
    chunks.push({ afterMs: time - last, text });
    last = time;
  }
  const { status, headers } = response;
  const text = chunks.map((chunk) => "text" in chunk ? chunk.text : "").join("");
  return { status, headers: [...headers], text, chunks };
}
