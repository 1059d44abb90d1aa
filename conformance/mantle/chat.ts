import { json } from "./http_responses.ts";
import { invalid } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { isObject, readJson } from "./json_body.ts";
import type { JsonObject } from "./json_body.ts";
import { requireModel } from "./models.ts";
import type { Prefix } from "./models.ts";
import {
  countTokens,
  jsonReply,
  pieces,
  REASONING,
  reply,
  requiredFunction,
  userTexts,
} from "./prompt.ts";
import { requiredModel } from "./responses.ts";
import { eventStream } from "./sse.ts";

/** Handles `POST chat/completions`, plain or streamed. */
export function createChatCompletion({ received, world, prefix }: Exchange): Response {
  const request = readJson(received.body);
  requireModel(world.endpoint, requiredModel(request), prefix, "chat/completions");
  const completion = chatCompletion(request, Math.floor(world.now() / 1000));
  if (request.stream !== true) return json(completion);
  const withUsage = isObject(request.stream_options) &&
    request.stream_options.include_usage === true;
  return eventStream(chatBlocks(prefix, completion, withUsage), world.chunkDelayMs);
}

interface ChatCompletion extends JsonObject {
  readonly choices: readonly [JsonObject & { finish_reason: string; message: ChatMessage }];
  readonly usage: JsonObject;
}

interface ChatMessage extends JsonObject {
  readonly content: string | null;
  readonly tool_calls?: readonly JsonObject[];
}

/** Builds a completion. Observed for gpt-oss (pydantic-ai cassettes); others and tools are assumed. */
function chatCompletion(request: JsonObject, created: number): ChatCompletion {
  const messages = request.messages;
  if (!Array.isArray(messages) || !messages.every(isObject)) {
    throw invalid("invalid request body: Invalid 'messages'");
  }
  const said = userTexts(messages);
  const name = requiredFunction(request, messages);
  const content = name === undefined
    ? jsonReply(request.response_format) ?? reply(said, false)
    : null;
  const tool_calls = [{
    function: { arguments: "{}", name },
    id: `chatcmpl-tool-${crypto.randomUUID().replaceAll("-", "")}`,
    type: "function",
  }];
  const message: ChatMessage = {
    content,
    ...(String(request.model).includes("gpt-oss") && { reasoning: REASONING }),
    refusal: null,
    role: "assistant",
    ...(name === undefined ? {} : { tool_calls }),
  };
  const finish_reason = name === undefined ? "stop" : "tool_calls";
  const [prompt_tokens, completion_tokens] = [countTokens(...said), countTokens(content ?? "{}")];
  return {
    choices: [{ finish_reason, index: 0, logprobs: null, message }],
    created,
    id: `chatcmpl-${crypto.randomUUID()}`,
    model: request.model,
    object: "chat.completion",
    service_tier: "default",
    usage: {
      completion_tokens,
      prompt_tokens,
      total_tokens: prompt_tokens + completion_tokens,
    },
  };
}

/**
 * Yields the chunks of a completion. Observed: content chunks, a finish chunk without usage, a usage
 * chunk without choices, and `[DONE]` (maximhq/bifrost issue 7065); on `/v1`, gpt-oss has also ended
 * without `[DONE]`.
 */
function* chatBlocks(
  prefix: Prefix,
  { choices: [{ finish_reason, message }], usage, ...rest }: ChatCompletion,
  withUsage: boolean,
): Generator<string> {
  const block = (choices: unknown[], used: unknown = null) =>
    `data: ${
      JSON.stringify({ ...rest, choices, object: "chat.completion.chunk", usage: used })
    }\n\n`;
  const chunk = (delta: JsonObject, finish: string | null = null) =>
    block([{ delta, finish_reason: finish, index: 0, logprobs: null }]);
  yield chunk({ content: "", role: "assistant" });
  if (message.reasoning !== undefined) yield chunk({ reasoning: message.reasoning });
  for (const content of pieces(message.content ?? "")) yield chunk({ content });
  for (const [index, call] of (message.tool_calls ?? []).entries()) {
    yield chunk({ tool_calls: [{ ...call, index }] });
  }
  yield chunk({}, finish_reason);
  if (withUsage) yield block([], usage);
  if (prefix === "/openai/v1") yield "data: [DONE]\n\n";
}
