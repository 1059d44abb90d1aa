import { invalid } from "./errors.ts";
import { isObject, objects } from "./json_body.ts";
import type { JsonObject } from "./json_body.ts";
import { minimalValue } from "./json_schema.ts";

/** What a model that shows its reasoning has to say about any prompt. */
export const REASONING = "The user says something. Greet them.";

/** The items of a Responses `input`; a bare string is one message of the user. */
export function inputItems(input: unknown): JsonObject[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  if (Array.isArray(input) && input.every(isObject)) return input;
  // Observed: the text.
  throw invalid("invalid request body: Invalid 'input': value did not match any expected variant");
}

/** The texts that users said, in order, from Responses items or chat messages. */
export function userTexts(items: readonly JsonObject[]): string[] {
  return items.filter(({ role }) => role === "user").map(({ content }) => textOf(content));
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objects(content).map(({ text }) => typeof text === "string" ? text : "").join("");
}

/** The deterministic reply: it shows what was understood, and how long the talk has been. */
export function reply(said: readonly string[], hasHistory: boolean): string {
  const turn = hasHistory || said.length > 1 ? ` (turn ${said.length})` : "";
  return `Hello! You said: "${said.at(-1) ?? ""}"${turn}`;
}

/** The JSON text for an output format that asks for JSON; `undefined` where it asks for text. */
export function jsonReply(format: unknown): string | undefined {
  if (!isObject(format)) return undefined;
  if (format.type === "json_object") return "{}";
  if (format.type !== "json_schema") return undefined;
  // Responses puts the schema beside the type, chat one level deeper.
  const holder = isObject(format.json_schema) ? format.json_schema : format;
  return JSON.stringify(minimalValue(holder.schema));
}

/** The function to call: the first one offered, where a call is required and none was made yet. */
export function requiredFunction(
  request: JsonObject,
  items: readonly JsonObject[],
): string | undefined {
  if (request.tool_choice !== "required") return undefined;
  if (items.some(({ type, role }) => type === "function_call_output" || role === "tool")) {
    return undefined;
  }
  const tool = objects(request.tools).find(({ type }) => type === "function");
  const named = isObject(tool?.function) ? tool.function : tool;
  return typeof named?.name === "string" ? named.name : undefined;
}

/** A text in the pieces it is streamed in: words with the space before them. */
export function pieces(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

/** A made-up but deterministic count: four characters a token. */
export function countTokens(...texts: readonly string[]): number {
  return Math.ceil(texts.join("").length / 4);
}
