import { invalid } from "./errors.ts";

/** A JSON object of which nothing is known yet. */
export type JsonObject = Record<string, unknown>;

/** Whether a JSON value is an object, not an array and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects in a JSON array; nothing where there is no array. */
export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Reads a request body that must be a JSON object. */
export function readJson(body: Uint8Array): JsonObject {
  // The text up to the colon is observed; assumed: the rest.
  const problem = "Failed to deserialize the JSON body into the target type";
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw invalid(`${problem}: expected value at line 1 column 1`);
  }
  if (!isObject(value)) throw invalid(`${problem}: expected a JSON object`);
  return value;
}
