import { bedrock } from "../mod.ts";
import { bodyOf } from "./signers.ts";
import {
  IDENTITY,
  MODEL,
  MODEL_BELOW_V1,
  ORIGIN,
  OURS,
  PLAIN_FETCH,
  REGION,
  TOKEN,
} from "./subjects.ts";

type Fetch = typeof globalThis.fetch;
type Read = (response: Response) => Promise<unknown>;

/**
 * The streams of the server, by the end of the path: the number of pieces, and the delay.
 *
 * The long one is long enough that each holds some collections of garbage: of a quarter of it, some
 * had none, and took half as long.
 */
export const STREAMS = {
  prompt: { pieces: 1, waitMs: 0 },
  late: { pieces: 1, waitMs: 20 },
  long: { pieces: 2048, waitMs: 0 },
  /** As long, for a client that watches the response for its id. */
  responses: { pieces: 2048, waitMs: 0 },
} as const;

type Name = keyof typeof STREAMS;

/** A piece of a stream, as large as a socket likes it. */
export const PIECE: Uint8Array<ArrayBuffer> = new TextEncoder().encode(
  `data: ${JSON.stringify({ type: "response.output_text.delta", delta: "x".repeat(16_000) })}\n\n`,
);

/** Reads one stream through plain `fetch` and through ours, both from the server at `origin`. */
export function streams(
  origin: string,
  name: Name,
  auth: "bearer" | "sigv4",
): Record<string, () => Promise<unknown>> {
  const read = STREAMS[name].pieces > 1 ? whole : firstPiece;
  const model = name === "responses" ? MODEL_BELOW_V1 : MODEL;
  // As if the server were Mantle, so that all is done that is done on the way there
  const send: Fetch = (url, init) => globalThis.fetch(String(url).replace(ORIGIN, origin), init);
  const options = { region: REGION, fetch: send };
  const { url, fetch } = bedrock(
    auth === "bearer" ? { ...options, apiKey: TOKEN } : { ...options, ...IDENTITY },
  );
  const headers = { "content-type": "application/json", authorization: `Bearer ${TOKEN}` };
  const init = { method: "POST", body: bodyOf(200, model), headers };
  return {
    [PLAIN_FETCH]: reading(send, `${url}/${name}`, init, read),
    [OURS]: reading(fetch, `${url}/${name}`, init, read),
  };
}

function reading(fetch: Fetch, url: string, init: RequestInit, read: Read): () => Promise<unknown> {
  return async () => await read(await fetch(url, init));
}

const firstPiece: Read = async (response) => {
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  if (!value?.length) throw new Error(`The stream of status ${response.status} is empty`);
  while (!(await reader.read()).done);
};

const whole: Read = async (response) => {
  let length = 0;
  for await (const piece of response.body!) length += piece.length;
  if (length !== PIECE.length * STREAMS.long.pieces) throw new Error(`Only ${length} bytes came`);
};

/** Responds with the stream that the last part of the path names. */
export async function streaming(request: Request): Promise<Response> {
  const { pieces, waitMs } = STREAMS[new URL(request.url).pathname.split("/").at(-1) as Name];
  if (waitMs) await new Promise((resolve) => setTimeout(resolve, waitMs));
  let left: number = pieces;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(PIECE);
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
