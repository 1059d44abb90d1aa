import type { Question } from "../case.ts";

/** What the responses API is asked with. */
export function responseBody({ model, input, fields }: Question): Record<string, unknown> {
  return { model, input, ...fields };
}

/** What the chat API is asked with. */
export function chatBody({ model, input, fields }: Question): Record<string, unknown> {
  const messages = typeof input === "string" ? [{ role: "user", content: input }] : input;
  return { model, messages, ...fields };
}
