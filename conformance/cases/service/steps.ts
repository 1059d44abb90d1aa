import type { Connection, Context, ModelResponse, Question } from "../../case.ts";
import { equal, ok } from "../../check.ts";
import { changesConnection, type Fault } from "../../subjects/faults.ts";
import { quotesNoSecret, statusOf } from "../failures.ts";
import { printed } from "../printed.ts";
import { MODEL } from "../steps.ts";

/** The server's response to "Say hello!". */
export const GREETING = 'Hello! You said: "Say hello!"';

/** Options of calls that must not be retried. */
export const ONCE = { maxRetries: 0 };

/** Asks for a response. */
export async function respond(
  connection: Connection,
  question: Partial<Question> = {},
): Promise<ModelResponse> {
  ok(connection.respond, "The subject does not offer `respond`");
  const asked = { model: MODEL, input: "Say hello!", ...question };
  return await connection.respond(asked, ONCE);
}

/** Checks that an error shows the status and messages of a refusal, but no secret. */
export function showsRefusal(
  error: unknown,
  status: number,
  messages: readonly string[],
  context: Context,
): void {
  const text = printed(error);
  equal(statusOf(error), status, `Status of ${text.slice(0, 500)}`);
  for (const each of messages) ok(text.includes(each), `The error does not say "${each}"`);
  quotesNoSecret(error, context);
}

/** Reports refusals as successes. */
export const acceptsRefusals: Fault = changesConnection(({ respond, chat, call, ...rest }) => ({
  ...rest,
  respond: respond && ((...args) => respond(...args).catch(() => ({ text: "", response: {} }))),
  chat: chat && ((...args) => chat(...args).catch(() => ({ text: "", response: {} }))),
  call: call && ((...args) => call(...args).catch(() => ({}))),
}));
