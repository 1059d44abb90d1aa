import { hex } from "./ids.ts";
import { isObject } from "./json_body.ts";
import type { JsonObject } from "./json_body.ts";
import type { Prefix } from "./models.ts";

/** The parts of a response that do not come from the request. */
export interface ResponseParts {
  readonly id: string;
  readonly createdAt: number;
  readonly output: readonly JsonObject[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Builds a message. Those of gpt-oss, on `/v1`, have shorter ids and fewer fields. */
export function messageItem(prefix: Prefix, text: string): JsonObject {
  const rest = { role: "assistant", status: "completed", type: "message" };
  const part = { annotations: [], text, type: "output_text" };
  if (prefix === "/v1") return { content: [part], id: `msg_${hex(16)}`, ...rest };
  const content = [{ ...part, logprobs: [] }];
  return { content, id: `msg_${hex()}`, phase: "final_answer", ...rest };
}

/** Builds the reasoning that gpt-oss shows before its message. */
export function reasoningItem(text: string): JsonObject {
  return {
    content: [{ text, type: "reasoning_text" }],
    id: `msg_${hex(16)}`,
    status: "completed",
    summary: [],
    type: "reasoning",
  };
}

/** Builds a function call. In every response, Mantle numbers the calls from `call_0`. */
export function functionCallItem(name: string): JsonObject {
  return {
    arguments: "{}",
    call_id: "call_0",
    id: `fc_${hex()}`,
    name,
    status: "completed",
    type: "function_call",
  };
}

const TEXT = { type: "text" };

/** Adds the description that a function or a schema lacks. */
function described(given: unknown): unknown {
  return isObject(given) && typeof given.name === "string"
    ? { description: null, ...given }
    : given;
}

/**
 * Builds a completed response, in the shape of its model family.
 *
 * Observed: pydantic/pydantic-ai, test_bedrock_mantle cassettes (Mantle). Assumed: runtime's shape.
 */
export function responseObject(
  prefix: Prefix,
  request: JsonObject,
  { id, createdAt, output, inputTokens, outputTokens }: ResponseParts,
): JsonObject {
  const text = isObject(request.text) ? request.text : {};
  const shared: JsonObject = {
    background: false,
    created_at: createdAt,
    error: null,
    id,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    metadata: request.metadata ?? {},
    model: request.model,
    object: "response",
    output,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    service_tier: "default",
    status: "completed",
    temperature: request.temperature ?? 1,
    text: { format: described(text.format ?? TEXT), verbosity: text.verbosity ?? "medium" },
    tool_choice: request.tool_choice ?? "auto",
    tools: Array.isArray(request.tools) ? request.tools.map(described) : [],
    truncation: "disabled",
  };
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
  if (prefix === "/v1") return { ...shared, top_p: request.top_p ?? 1, usage };
  const reasoning = isObject(request.reasoning) ? request.reasoning : {};
  return {
    ...shared,
    billing: { payer: "developer" },
    completed_at: createdAt,
    frequency_penalty: 0,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    moderation: null,
    presence_penalty: 0,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    prompt_cache_retention: "in_memory",
    reasoning: {
      context: "all_turns",
      effort: reasoning.effort ?? "medium",
      summary: reasoning.summary ?? null,
    },
    safety_identifier: request.safety_identifier ?? null,
    store: request.store ?? true,
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? 0.98,
    usage: { ...usage, input_tokens_details: { cache_write_tokens: 0, cached_tokens: 0 } },
    user: request.user ?? null,
  };
}

/** Serializes a response. For gpt-oss, `created_at` is a float, which JSON.stringify cannot write. */
export function responseText(prefix: Prefix, value: unknown): string {
  const text = JSON.stringify(value);
  return prefix === "/v1" ? text.replace(/"created_at":(\d+)/, '"created_at":$1.0') : text;
}
