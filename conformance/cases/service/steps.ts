import type { Connection, Context, Credentials, Question } from "../../case.ts";
import { equal, ok } from "../../check.ts";
import { type Fault, onConnection } from "../../subjects/faults.ts";
import { quotesNoSecret, statusOf } from "../failures.ts";
import { printed } from "../printed.ts";
import { MODEL, withToken } from "../steps.ts";

/** What somebody wrote down as they ran AWS's notebooks. */
export const NOTEBOOKS = "aws-samples/sample-per-model-bedrock@2ef21bde committed notebook outputs";

/** What the official provider promises. */
export const GUIDE = "openai/openai-node@7b7d6ca7 docs/bedrock.md";

/** Where AWS says how requests are signed. */
export const SIGNING =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html";

/** What the server says to "Say hello!". */
export const GREETING = 'Hello! You said: "Say hello!"';

/** For calls that must not be repeated. */
export const ONCE = { maxRetries: 0 };

/** Mantle at the root of the context, with keys; or at the root of the other family. */
export function withKeys(
  context: Context,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials = context.credentials,
  root?: "/v1",
) {
  const { apiKey: _, ...options } = withToken(context, root);
  return { ...options, accessKeyId, secretAccessKey, sessionToken };
}

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
