import type { Connection, Context } from "../case.ts";
import { equal, match, ok, rejects } from "../check.ts";
import { secretsOf } from "../masking.ts";
import { type Fault, onConnection } from "../subjects/faults.ts";
import { printed } from "./printed.ts";

/** What an answer says that failed. */
export interface Said {
  readonly status: number;
  readonly code: string | null;
  readonly type: string | null;
  readonly message: string;
}

/** What a played answer says, in the envelope or as AWS writes it elsewhere. */
export function saidIn(response: unknown): Said {
  const { status, body: { json } } = response as { status: number; body: { json: object } };
  const { error, Message } = json as { error?: Omit<Said, "status">; Message?: string };
  return { status, ...(error ?? { code: null, type: null, message: Message ?? "" }) };
}

/** What a client, or a program without one, makes of an answer that failed. */
interface Failed {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly message: string;
  readonly requestID?: unknown;
}

/** Checks that an error tells what was said: status, code, type, and the text at its beginning. */
export function keeps(error: unknown, { status, code, type, message }: Said): Failed {
  const failed = error as Failed;
  const { status: found, code: foundCode, type: foundType } = failed;
  equal([found, foundCode ?? null, foundType ?? null], [status, code, type], failed.message);
  ok(wordsOf(failed).startsWith(message), `"${failed.message}" does not begin with "${message}"`);
  return failed;
}

/** Checks that an error keeps what was said, and then explains it, by these words, with no secret. */
export function explains(
  error: unknown,
  said: Said,
  words: readonly RegExp[],
  context: Context,
): void {
  const added = wordsOf(keeps(error, said)).slice(said.message.length);
  for (const each of words) match(added, each, "What is added to the words of the service");
  quotesNoSecret(error, context);
}

/** Checks that nothing that can be printed of an error is a secret of the context. */
export function quotesNoSecret(error: unknown, context: Context): void {
  const text = printed(error);
  ok(!secretsOf(context).some((secret) => text.includes(secret)), "The error quotes a secret");
}

/** The status that an error tells, under the name that its client has for it. */
export function statusOf(error: unknown): unknown {
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  return status ?? statusCode;
}

/** Clients put the status before the message. */
function wordsOf({ message }: Failed): string {
  return message.replace(/^\d{3} /, "");
}

/** What an attempt fails with, which must be no answer. */
export async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return await rejects(attempt, "The failure is taken for an answer");
}

/** Asks a model, by the operation of a connection. */
export async function asks(
  connection: Connection,
  way: "respond" | "chat",
  model: string,
): Promise<string> {
  const ask = connection[way];
  ok(ask, `The subject does not offer \`${way}\``);
  return (await ask({ model, input: "Say hello!" })).text;
}

/** Loses what failures say, as clients do that find no envelope. */
export const speechless: Fault = onConnection(({ respond, chat, call, fetch, ...rest }) => {
  const mute = ({ status }: { status?: number }): never => {
    throw Object.assign(new Error(`${status} status code (no body)`), { status });
  };
  return {
    ...rest,
    respond: respond && ((...args) => respond(...args).catch(mute)),
    chat: chat && ((...args) => chat(...args).catch(mute)),
    call: call && ((...args) => call(...args).catch(mute)),
    fetch: fetch && (async (...args) => {
      const { ok, status, headers, body } = await fetch(...args);
      return new Response(ok ? body : null, { status, headers });
    }),
  };
});
