import type { CallOptions, Connection, Context, StreamEvent } from "../case.ts";
import { ok } from "../check.ts";
import { MODEL } from "./steps.ts";

/** The question that streams respond to. */
export const QUESTION = { model: MODEL, input: "Say hello!" };

/** Reads all events of a streamed response. */
export async function eventsOf(
  connection: Connection,
  model = MODEL,
  options?: CallOptions,
): Promise<StreamEvent[]> {
  ok(connection.streamResponse, "The subject does not offer `streamResponse`");
  const events = [];
  for await (const event of connection.streamResponse({ ...QUESTION, model }, options)) {
    events.push(event);
  }
  return events;
}

/** The parts of a chat's chunk that cases read. */
export interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: { readonly total_tokens: number } | null;
}

/** Reads all chunks of a streamed chat. */
export async function chunksOf(
  connection: Connection,
  model = MODEL,
  options?: CallOptions,
): Promise<readonly Chunk[]> {
  ok(connection.streamChat, "The subject does not offer `streamChat`");
  const fields = { stream_options: { include_usage: true } };
  const chunks = [];
  for await (const chunk of connection.streamChat({ ...QUESTION, model, fields }, options)) {
    chunks.push(chunk as Chunk);
  }
  return chunks;
}

/** Joins the text of events. */
export const textOf = (events: readonly StreamEvent[]) =>
  events.filter(({ type }) => type === "response.output_text.delta").map(({ delta }) => delta)
    .join("");

/** Joins the text of chunks. */
export const chatText = (chunks: readonly Chunk[]) =>
  chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? "").join("");

/** Wraps a `fetch`; `left` resolves when the response is cancelled, by its body or its signal. */
export function watchFetch(fetch: Context["fetch"]): {
  readonly fetch: Context["fetch"];
  readonly left: Promise<void>;
} {
  let leave = () => {};
  const left = new Promise<void>((resolve) => leave = resolve);
  return {
    left,
    async fetch(input, init) {
      const { status, headers, body } = await fetch(input, init);
      init?.signal?.addEventListener("abort", leave);
      const reader = body?.getReader();
      const forwarded = reader && new ReadableStream({
        async pull(controller) {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        async cancel(reason) {
          leave();
          await reader.cancel(reason);
        },
      }, { highWaterMark: 0 });
      return new Response(forwarded, { status, headers });
    },
  };
}
