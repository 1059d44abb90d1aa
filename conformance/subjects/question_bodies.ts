import type { Question } from "../case.ts";

/** Builds the body of `POST responses`. */
export function responseBody({ model, input, fields }: Question): Record<string, unknown> {
  return { model, input, ...fields };
}

/** Builds the body of `POST chat/completions`. */
export function chatBody({ model, input, fields }: Question): Record<string, unknown> {
  const messages = typeof input === "string" ? [{ role: "user", content: input }] : input;
  return { model, messages, ...fields };
}
