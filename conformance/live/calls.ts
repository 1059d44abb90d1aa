import type { Cassette, PlayedResponse } from "../cassette.ts";

/** A call to a real account, and the response that a cassette expects. */
export interface LiveCall {
  /** The id of the cassette that it repeats. */
  readonly id: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** A rough upper limit of the tokens it uses, input and output. */
  readonly tokens: number;
  readonly expected: PlayedResponse;
}

type Call = readonly [id: string, path: string, body?: Readonly<Record<string, unknown>>];

/** Enough for a sentence and a little reasoning. */
const OUTPUT_TOKENS = 128;

const GPT = "openai.gpt-5.6-luna";
const GPT_OSS = "openai.gpt-oss-120b";
const GEMMA = "google.gemma-4-31b";
const input = "Say hello";
const messages = [{ role: "user", content: input }];

const question = "What is the capital of France?";
const parameters = { type: "object", properties: {}, additionalProperties: false };
const tool = { name: "first_tool", parameters, strict: false };
const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const text = { format: { type: "json_schema", name: "City", schema, strict: true } };
const tool_choice = "required";
const streamed = { stream: true, stream_options: { include_usage: true } };

/** Calls that are cheap on any account: models, responses of both families, and mistakes. */
const CALLS: readonly Call[] = [
  ["models/list", "/v1/models"],
  ["models/not_on_openai_v1", "/openai/v1/models"],
  ["responses/gpt_text", "/openai/v1/responses", { model: GPT, input }],
  ["responses/gpt_text_streamed", "/openai/v1/responses", { model: GPT, input, stream: true }],
  ["responses/json_schema", "/openai/v1/responses", { model: GPT, input: question, text }],
  ["responses/function_calls", "/openai/v1/responses", {
    model: GPT,
    input,
    tools: [{ type: "function", ...tool }],
    tool_choice,
  }],
  ["responses/gpt_oss_reasoning", "/v1/responses", { model: GPT_OSS, input }],
  ["chat/gpt_text", "/openai/v1/chat/completions", { model: GPT, messages }],
  ["chat/gpt_oss_text", "/v1/chat/completions", { model: GPT_OSS, messages }],
  ["chat/tool_call", "/v1/chat/completions", {
    model: GPT_OSS,
    messages,
    tools: [{ type: "function", function: tool }],
    tool_choice,
  }],
  ["chat/streamed_with_done", "/openai/v1/chat/completions", {
    model: GEMMA,
    messages,
    ...streamed,
  }],
  ["errors/unknown_model", "/openai/v1/responses", { model: "openai.gpt-0", input }],
  ["errors/gpt_on_v1", "/v1/responses", { model: GPT, input }],
  ["errors/gpt_oss_on_openai_v1", "/openai/v1/responses", { model: GPT_OSS, input }],
];

/** Lists the calls to the given cassettes. */
export function liveCalls(cassettes: ReadonlyMap<string, Cassette>): LiveCall[] {
  return CALLS.flatMap(([id, path, fields]) => {
    const expected = cassettes.get(id)?.exchanges[0]?.response;
    if (!expected) return [];
    const body = fields && capped(path, fields);
    const method = body ? "POST" : "GET";
    return [{ id, method, path, body, tokens: tokensOf(body), expected }];
  });
}

function capped(path: string, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const field = path.endsWith("/responses") ? "max_output_tokens" : "max_completion_tokens";
  return { ...body, [field]: OUTPUT_TOKENS };
}

/** Estimates tokens, at the usual four characters per token. */
function tokensOf(body: Record<string, unknown> | undefined): number {
  return body ? Math.ceil(JSON.stringify(body).length / 4) + OUTPUT_TOKENS : 0;
}
