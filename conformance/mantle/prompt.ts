import { invalid } from "./errors.ts";
import { isObject, objects } from "./json_body.ts";
import type { JsonObject } from "./json_body.ts";
import { minimalValue } from "./json_schema.ts";

/** The reasoning of models that show it, for any prompt. */
export const REASONING = "The user says something. Greet them.";

/** Reads the items of a Responses `input`; a string is one message of the user. */
export function inputItems(input: unknown): JsonObject[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  if (Array.isArray(input) && input.every(isObject)) return input;
  // Observed: the text
  throw invalid("invalid request body: Invalid 'input': value did not match any expected variant");
}

/** Lists the texts of the user, from Responses items or chat messages. */
export function userTexts(items: readonly JsonObject[]): string[] {
  return items.filter(({ role }) => role === "user").map(({ content }) => textOf(content));
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objects(content).map(({ text }) => typeof text === "string" ? text : "").join("");
}

/** Builds the deterministic reply, with the user's last text and the number of turns. */
export function reply(said: readonly string[], hasHistory: boolean): string {
  const turn = hasHistory || said.length > 1 ? ` (turn ${said.length})` : "";
  return `Hello! You said: "${said.at(-1) ?? ""}"${turn}`;
}

/** Builds the JSON reply for an output format; `undefined` if the format is text. */
export function jsonReply(format: unknown): string | undefined {
  if (!isObject(format)) return undefined;
  if (format.type === "json_object") return "{}";
  if (format.type !== "json_schema") return undefined;
  // Responses puts the schema next to the type, chat one level deeper
  const holder = isObject(format.json_schema) ? format.json_schema : format;
  return JSON.stringify(minimalValue(holder.schema));
}

/** Finds the function to call: the first one, if a call is required and none was made yet. */
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

/** Splits a text into the pieces of a stream: words with the space before them. */
export function pieces(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

/** Counts tokens in a deterministic way: four characters per token. */
export function countTokens(...texts: readonly string[]): number {
  return Math.ceil(texts.join("").length / 4);
}
