import type { Connection, Context } from "../case.ts";
import { equal, match, ok, rejects } from "../check.ts";
import { secretsOf } from "../masking.ts";
import { changesConnection, type Fault } from "../subjects/faults.ts";
import { printed } from "./printed.ts";

/** The error of a failed response. */
export interface ServiceError {
  readonly status: number;
  readonly code: string | null;
  readonly type: string | null;
  readonly message: string;
}

/** Reads the error of a cassette's response, in OpenAI's envelope or AWS's own format. */
export function errorIn(response: unknown): ServiceError {
  const { status, body: { json } } = response as { status: number; body: { json: object } };
  const { error, Message } = json as { error?: Omit<ServiceError, "status">; Message?: string };
  return { status, ...(error ?? { code: null, type: null, message: Message ?? "" }) };
}

/** The error that a client, or a program without one, throws for a failed response. */
interface ThrownError {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly message: string;
  readonly requestID?: unknown;
}

/**
 * Checks that an error has the status, code and type of the service's, and begins with its
 * message.
 */
export function keepsError(
  error: unknown,
  { status, code, type, message }: ServiceError,
): ThrownError {
  const thrown = error as ThrownError;
  const { status: found, code: foundCode, type: foundType } = thrown;
  equal([found, foundCode ?? null, foundType ?? null], [status, code, type], thrown.message);
  ok(messageOf(thrown).startsWith(message), `"${thrown.message}" does not begin with "${message}"`);
  return thrown;
}

/** Checks that an error keeps the service's error and adds advice, without a secret. */
export function explains(
  error: unknown,
  expected: ServiceError,
  advice: readonly RegExp[],
  context: Context,
): void {
  const added = messageOf(keepsError(error, expected)).slice(expected.message.length);
  for (const each of advice) match(added, each, "Advice after the service's message");
  quotesNoSecret(error, context);
}

/** Checks that an error contains no secret of the context, however it is printed. */
export function quotesNoSecret(error: unknown, context: Context): void {
  const text = printed(error);
  ok(!secretsOf(context).some((secret) => text.includes(secret)), "The error quotes a secret");
}

/** Reads the status of an error, whose name depends on the client. */
export function statusOf(error: unknown): unknown {
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  return status ?? statusCode;
}

/** Returns the message without the status that clients put in front of it. */
function messageOf({ message }: ThrownError): string {
  return message.replace(/^\d{3} /, "");
}

/** Resolves to the error of an attempt, which must fail. */
export async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return await rejects(attempt, "The failure counts as a success");
}

/** Asks a model with one of the operations. */
export async function askModel(
  connection: Connection,
  operation: "respond" | "chat",
  model: string,
): Promise<string> {
  const ask = connection[operation];
  ok(ask, `The subject does not offer \`${operation}\``);
  return (await ask({ model, input: "Say hello!" })).text;
}

/** Drops the messages of errors, as clients do that find no envelope. */
export const dropsMessages: Fault = changesConnection(({ respond, chat, call, fetch, ...rest }) => {
  const drop = ({ status }: { status?: number }): never => {
    throw Object.assign(new Error(`${status} status code (no body)`), { status });
  };
  return {
    ...rest,
    respond: respond && ((...args) => respond(...args).catch(drop)),
    chat: chat && ((...args) => chat(...args).catch(drop)),
    call: call && ((...args) => call(...args).catch(drop)),
    fetch: fetch && (async (...args) => {
      const { ok, status, headers, body } = await fetch(...args);
      return new Response(ok ? body : null, { status, headers });
    }),
  };
});
