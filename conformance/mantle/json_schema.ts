import { isObject } from "./json_body.ts";

const EMPTY: Readonly<Record<string, unknown>> = {
  string: "",
  number: 0,
  integer: 0,
  boolean: false,
  null: null,
  array: [],
};

/** Builds the smallest value for a simple schema of constants, choices, objects and plain types. */
export function minimalValue(schema: unknown): unknown {
  if (!isObject(schema)) return {};
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (Array.isArray(schema.anyOf)) return minimalValue(schema.anyOf[0]);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (typeof type === "string" && Object.hasOwn(EMPTY, type)) return EMPTY[type];
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return Object.fromEntries(required.map((name) => [name, minimalValue(properties[name])]));
}
