import { objects } from "./json_body.ts";
import type { JsonObject } from "./json_body.ts";
import type { Prefix } from "./models.ts";
import { pieces } from "./prompt.ts";
import { responseText } from "./response_object.ts";

/** Yields the stream of a response, as the blocks of text that are sent. */
export function* responseBlocks(prefix: Prefix, response: JsonObject): Generator<string> {
  let sequence = 0;
  for (const { type, ...event } of responseEvents(response)) {
    const data = `data: ${responseText(prefix, { ...event, sequence_number: sequence++, type })}\n`;
    // Observed on `/openai/v1`: `data` comes before `event`. Assumed: `/v1` has the usual order
    yield prefix === "/v1" ? `event: ${type}\n${data}\n` : `${data}event: ${type}\n\n`;
  }
}

/** Yields events. Observed: their order, the snapshots, and no `[DONE]` (pydantic-ai, July 2026). */
function* responseEvents(response: JsonObject): Generator<JsonObject> {
  const { billing: _onlyUnstreamed, ...completed } = response;
  const started = {
    ...completed,
    ...("completed_at" in completed ? { completed_at: null } : {}),
    output: [],
    service_tier: "auto",
    status: "in_progress",
    usage: null,
  };
  yield { type: "response.created", response: started };
  yield { type: "response.in_progress", response: started };
  for (const [index, item] of objects(response.output).entries()) {
    yield* itemEvents(item, index);
  }
  yield { type: "response.completed", response: completed };
}

function* itemEvents(item: JsonObject, output_index: number): Generator<JsonObject> {
  const at = { item_id: item.id, output_index };
  const begun = item.type === "function_call" ? { arguments: "" } : { content: [] };
  yield {
    type: "response.output_item.added",
    item: { ...item, ...begun, status: "in_progress" },
    output_index,
  };
  if (item.type === "function_call") yield* callEvents(String(item.arguments), at);
  for (const [content_index, part] of objects(item.content).entries()) {
    yield* partEvents(part, { ...at, content_index });
  }
  yield { type: "response.output_item.done", item, output_index };
}

function* callEvents(text: string, at: JsonObject): Generator<JsonObject> {
  const type = "response.function_call_arguments";
  yield { type: `${type}.delta`, delta: text, obfuscation: "", ...at };
  yield { type: `${type}.done`, arguments: text, ...at };
}

/** Yields the events of a part. Observed: gpt-oss has its own names for reasoning (brainlid/langchain). */
function* partEvents(part: JsonObject, at: JsonObject): Generator<JsonObject> {
  const text = String(part.text);
  const isReasoning = part.type === "reasoning_text";
  const frame = isReasoning ? "response.reasoning_part" : "response.content_part";
  const extra = isReasoning ? {} : { logprobs: [] };
  yield { type: `${frame}.added`, part: { ...part, text: "" }, ...at };
  for (const delta of pieces(text)) {
    yield { type: `response.${part.type}.delta`, delta, obfuscation: "", ...extra, ...at };
  }
  yield { type: `response.${part.type}.done`, text, ...extra, ...at };
  yield { type: `${frame}.done`, part, ...at };
}
