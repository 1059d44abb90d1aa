import { bedrock } from "../mod.ts";
import { bodyOf } from "./signers.ts";
import { IDENTITY, ORIGIN, OURS, PLAIN_FETCH, REGION, TOKEN } from "./subjects.ts";

type Fetch = typeof globalThis.fetch;
type Read = (answer: Response) => Promise<unknown>;

/** What the server of the streams sends, after the path. */
export const STREAMS = { short: 1, long: 512 } as const;

/** A piece of a stream, as large as a socket likes it. */
export const PIECE: Uint8Array<ArrayBuffer> = new TextEncoder().encode(
  `data: ${JSON.stringify({ type: "response.output_text.delta", delta: "x".repeat(16_000) })}\n\n`,
);

/** Reads one stream through plain `fetch` and through ours, both from the server at `origin`. */
export function streams(
  origin: string,
  length: keyof typeof STREAMS,
  auth: "bearer" | "sigv4",
): Record<string, () => Promise<unknown>> {
  const read = length === "short" ? firstPiece : whole;
  // As if the server were Mantle, so that all is done that is done on the way there
  const send: Fetch = (url, init) => globalThis.fetch(String(url).replace(ORIGIN, origin), init);
  const options = { region: REGION, fetch: send };
  const { url, fetch } = bedrock(
    auth === "bearer" ? { ...options, apiKey: TOKEN } : { ...options, ...IDENTITY },
  );
  const headers = { "content-type": "application/json", authorization: `Bearer ${TOKEN}` };
  const init = { method: "POST", body: bodyOf(200), headers };
  return {
    [PLAIN_FETCH]: reading(send, `${url}/${length}`, init, read),
    [OURS]: reading(fetch, `${url}/${length}`, init, read),
  };
}

function reading(fetch: Fetch, url: string, init: RequestInit, read: Read): () => Promise<unknown> {
  return async () => await read(await fetch(url, init));
}

const firstPiece: Read = async (answer) => {
  const reader = answer.body!.getReader();
  const { value } = await reader.read();
  if (!value?.length) throw new Error(`The stream of status ${answer.status} is empty`);
  while (!(await reader.read()).done);
};

const whole: Read = async (answer) => {
  let length = 0;
  for await (const piece of answer.body!) length += piece.length;
  if (length !== PIECE.length * STREAMS.long) throw new Error(`Only ${length} bytes came`);
};

/** Answers with as many pieces as the last part of the path says. */
export function streaming(request: Request): Response {
  const length = new URL(request.url).pathname.split("/").at(-1) as keyof typeof STREAMS;
  let left: number = STREAMS[length];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(PIECE);
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
