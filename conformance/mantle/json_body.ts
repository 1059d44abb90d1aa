import { invalid } from "./errors.ts";

/** A JSON object of unknown shape. */
export type JsonObject = Record<string, unknown>;

/** Tells whether a JSON value is an object, and neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lists the objects in a JSON array; none if the value is not an array. */
export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Reads a request body that must be a JSON object. */
export function readJson(body: Uint8Array): JsonObject {
  // Observed: the text up to the colon. Assumed: the rest
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
