import type { Connection, StreamEvent } from "../case.ts";
import { ok } from "../check.ts";
import { MODEL } from "./steps.ts";

/** What streams are asked for with. */
export const QUESTION = { model: MODEL, input: "Say hello!" };

/** All events of a streamed response. */
export async function eventsOf(
  connection: Connection,
  question = QUESTION,
): Promise<StreamEvent[]> {
  ok(connection.streamResponse, "The subject does not offer `streamResponse`");
  const events = [];
  for await (const event of connection.streamResponse(question)) events.push(event);
  return events;
}

/** What cases look at in a chunk of a chat. */
export interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: { readonly total_tokens: number } | null;
}

/** All chunks of a streamed chat. */
export async function chunksOf(connection: Connection, model = MODEL): Promise<readonly Chunk[]> {
  ok(connection.streamChat, "The subject does not offer `streamChat`");
  const fields = { stream_options: { include_usage: true } };
  const chunks = [];
  for await (const chunk of connection.streamChat({ ...QUESTION, model, fields })) {
    chunks.push(chunk as Chunk);
  }
  return chunks;
}

/** The text that events add up to. */
export const textOf = (events: readonly StreamEvent[]) =>
  events.filter(({ type }) => type === "response.output_text.delta").map(({ delta }) => delta)
    .join("");

/** The text that chunks add up to. */
export const chatText = (chunks: readonly Chunk[]) =>
  chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? "").join("");
