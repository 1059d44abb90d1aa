import type { Connection, Context, Question } from "../../case.ts";
import { equal, ok } from "../../check.ts";
import { type Fault, onConnection } from "../../subjects/faults.ts";
import { quotesNoSecret, statusOf } from "../failures.ts";
import { printed } from "../printed.ts";
import { MODEL } from "../steps.ts";

/** What the server says to "Say hello!". */
export const GREETING = 'Hello! You said: "Say hello!"';

/** For calls that must not be repeated. */
export const ONCE = { maxRetries: 0 };

/** Asks, and resolves to the text and the whole answer. */
export async function respond(
  connection: Connection,
  question: Partial<Question> = {},
): Promise<{ text: string; answer: unknown }> {
  ok(connection.respond, "The subject does not offer `respond`");
  const asked = { model: MODEL, input: "Say hello!", ...question };
  return await connection.respond(asked, ONCE);
}

/** Checks that an error tells a refusal by its status and in its words, and no secret. */
export function tells(
  error: unknown,
  status: number,
  words: readonly string[],
  context: Context,
): void {
  const text = printed(error);
  equal(statusOf(error), status, `Status of ${text.slice(0, 500)}`);
  for (const each of words) ok(text.includes(each), `The error does not say "${each}"`);
  quotesNoSecret(error, context);
}

/** Takes whatever is refused for an answer. */
export const takesRefusals: Fault = onConnection(({ respond, chat, call, ...rest }) => ({
  ...rest,
  respond: respond && ((...args) => respond(...args).catch(() => ({ text: "", answer: {} }))),
  chat: chat && ((...args) => chat(...args).catch(() => ({ text: "", answer: {} }))),
  call: call && ((...args) => call(...args).catch(() => ({}))),
}));
