import { json, jsonText } from "./http_responses.ts";
import { invalid, notFound } from "./errors.ts";
import type { Refusal } from "./errors.ts";
import type { Exchange, StoredResponse, World } from "./exchange.ts";
import { base32 } from "./ids.ts";
import { isObject, readJson } from "./json_body.ts";
import type { JsonObject } from "./json_body.ts";
import { requireModel } from "./models.ts";
import type { Prefix } from "./models.ts";
import {
  countTokens,
  inputItems,
  jsonReply,
  REASONING,
  reply,
  requiredFunction,
  userTexts,
} from "./prompt.ts";
import { responseBlocks } from "./response_events.ts";
import {
  functionCallItem,
  messageItem,
  reasoningItem,
  responseObject,
  responseText,
} from "./response_object.ts";
import { eventStream } from "./sse.ts";

/** Handles `POST responses`, plain or streamed; stores the response unless `store` is false. */
export function createResponse({ received, world, prefix }: Exchange): Response {
  const request = readJson(received.body);
  requireModel(world.endpoint, requiredModel(request), prefix, "responses");
  const items = inputItems(request.input);
  const previous = previousResponse(request, world, prefix);
  const said = [...previous?.said ?? [], ...userTexts(items)];
  const output = outputItems(prefix, request, items, said, previous !== undefined);
  const response = responseObject(prefix, request, {
    id: `resp_${base32()}`,
    createdAt: Math.floor(world.now() / 1000),
    output,
    inputTokens: countTokens(...said),
    outputTokens: countTokens(JSON.stringify(output)),
  });
  if (request.store !== false) world.responses.set(String(response.id), { object: response, said });
  if (request.stream === true) {
    return eventStream(responseBlocks(prefix, response), world.chunkDelayMs);
  }
  return jsonText(responseText(prefix, response));
}

/** Handles `GET responses/{id}` and `POST responses/{id}/cancel`: completed responses do not change. */
export function retrieveResponse({ world, prefix, id }: Exchange): Response {
  return jsonText(responseText(prefix, storedResponse(world, prefix, id).object));
}

/** Handles `DELETE responses/{id}`. Assumed: the body, as OpenAI documents it. */
export function deleteResponse({ world, prefix, id }: Exchange): Response {
  storedResponse(world, prefix, id);
  world.responses.delete(id);
  return json({ id, object: "response", deleted: true });
}

/** Reads the model of a request. Observed: the text, even if `previous_response_id` has a model. */
export function requiredModel({ model }: JsonObject): string {
  if (typeof model !== "string") throw invalid("Missing required parameter: 'model'.");
  return model;
}

function previousResponse(
  { previous_response_id: id }: JsonObject,
  world: World,
  prefix: Prefix,
): StoredResponse | undefined {
  return typeof id === "string" ? storedResponse(world, prefix, id) : undefined;
}

function storedResponse(world: World, prefix: Prefix, id: string): StoredResponse {
  const stored = world.responses.get(id);
  if (!stored) throw unknownResponse(prefix, id);
  return stored;
}

// Observed for `previous_response_id` (aws-samples/sample-per-model-bedrock); assumed elsewhere
function unknownResponse(prefix: Prefix, id: string): Refusal {
  return notFound(prefix === "/v1" ? `Response '${id}' not found.` : "Response not found.");
}

function outputItems(
  prefix: Prefix,
  request: JsonObject,
  items: readonly JsonObject[],
  said: readonly string[],
  hasHistory: boolean,
): JsonObject[] {
  const format = isObject(request.text) ? request.text.format : undefined;
  const name = requiredFunction(request, items);
  const item = name === undefined
    ? messageItem(prefix, jsonReply(format) ?? reply(said, hasHistory))
    : functionCallItem(name);
  return prefix === "/v1" ? [reasoningItem(REASONING), item] : [item];
}
