import { empty, refused, withCommonHeaders } from "./answers.ts";
import { shiftClock } from "./clock_shift.ts";
import { invalid, Refusal, serverFault, unauthorized } from "./errors.ts";
import { breakEventStream } from "./event_stream_faults.ts";
import type { Handler } from "../../loopback/handler.ts";
import { base32 } from "./ids.ts";
import { parseMisbehaviours } from "./misbehaviour_words.ts";
import type { Misbehaviour } from "./misbehaviour_words.ts";
import { signatureExpired } from "./sigv4_time.ts";

/** How a handler is to misbehave. */
export interface MisbehaveOptions {
  /** What to do wrong, whatever the request asks for. @default {[]} */
  readonly misbehaviours?: readonly Misbehaviour[];
  /** The clock, in milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** The header by which one request asks for misbehaviour. */
export const MISBEHAVE_HEADER = "x-mantle-misbehave";

type Kind = Misbehaviour["kind"];
type Of<K extends Kind> = Extract<Misbehaviour, { readonly kind: K }>;
type Take = <K extends Kind>(...kinds: K[]) => Of<K> | undefined;

/** The headers that are remembered, so that a long-lived server stays small. */
const REMEMBERED = 1000;
const INSTEAD = ["429", "500", "expired-token", "redirect"] as const;

/**
 * Wraps a handler so that it misbehaves when told to, by options or by the header
 * `x-mantle-misbehave` of a request, such as `429; retry-after=1`.
 *
 * Of the misbehaviours that exclude each other, the first that has a turn left shows; those of the
 * header come before those of the options. A preflight is left alone.
 *
 * @param handler What answers where nothing is to go wrong, such as a `mantle()`.
 * @param options What to do wrong.
 * @returns A handler that does so.
 *
 * @example A client that is throttled once
 * ```ts
 * import assert from "node:assert/strict";
 * import { mantle, MISBEHAVE_HEADER, misbehave } from "@mantle/bedrock/mantle";
 *
 * const handler = misbehave(mantle());
 * const headers = { [MISBEHAVE_HEADER]: "429; retry-after=1; times=1" };
 * const ask = () => handler(new Request("https://example.com/v1/models", { headers }));
 * assert.equal((await ask()).status, 429);
 * assert.equal((await ask()).status, 401); // its turn is over, and nobody gave a credential
 * ```
 */
export function misbehave(
  handler: Handler,
  options: MisbehaveOptions = {},
): (request: Request) => Promise<Response> {
  const { misbehaviours = [], now = Date.now } = options;
  const asked = rememberWords();
  const taken = new WeakMap<Misbehaviour, number>();

  function hasTurn(misbehaviour: Misbehaviour): boolean {
    const turns = taken.get(misbehaviour) ?? 0;
    taken.set(misbehaviour, turns + 1);
    return turns < (misbehaviour.times ?? Infinity);
  }

  return async (request) => {
    if (request.method === "OPTIONS") return await handler(request);
    let all: readonly Misbehaviour[];
    try {
      all = [...asked(request.headers.get(MISBEHAVE_HEADER)), ...misbehaviours];
    } catch (error) {
      return common(refused(invalid(`${MISBEHAVE_HEADER}: ${(error as TypeError).message}`)));
    }
    const take: Take = <K extends Kind>(...kinds: K[]) =>
      all.find((each): each is Of<K> => kinds.some((kind) => kind === each.kind) && hasTurn(each));

    const latency = take("latency");
    if (latency) await pause(latency.ms, request.signal);
    const instead = take(...INSTEAD);
    if (instead) return common(answerInstead(instead, request, now()));
    const forwarded = withoutWords(request);
    const skew = take("skew");
    if (skew) shiftClock(forwarded, skew.seconds * 1000);
    return withStreamFaults(await handler(forwarded), take);
  };
}

/** Reads a header once, so that its misbehaviours keep their turns while requests repeat it. */
function rememberWords(): (words: string | null) => readonly Misbehaviour[] {
  const known = new Map<string, readonly Misbehaviour[]>();
  return (words) => {
    if (words === null) return [];
    const misbehaviours = known.get(words) ?? parseMisbehaviours(words);
    // What was asked for last is forgotten last.
    known.delete(words);
    known.set(words, misbehaviours);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
    return misbehaviours;
  };
}

/** Takes the header off, unless the client has signed it along with all its others. */
function withoutWords(request: Request): Request {
  if (!request.headers.has(MISBEHAVE_HEADER)) return request;
  const authorization = request.headers.get("authorization") ?? "";
  const [, signed = ""] = /SignedHeaders=([^,\s]+)/.exec(authorization) ?? [];
  if (signed.split(";").includes(MISBEHAVE_HEADER)) return request;
  const headers = new Headers(request.headers);
  headers.delete(MISBEHAVE_HEADER);
  return new Request(request, { headers });
}

/** Answers before the handler, as something in front of the service would: nothing is verified. */
function answerInstead(
  misbehaviour: Of<(typeof INSTEAD)[number]>,
  request: Request,
  now: number,
): Response {
  switch (misbehaviour.kind) {
    case "429":
      return throttled(misbehaviour.retryAfter);
    case "500":
      return refused(serverFault());
    case "expired-token":
      return refused(expired(request, now));
    case "redirect":
      return redirected(request, misbehaviour.to ?? "https://elsewhere.example");
  }
}

/** Assumed: body and header; that the service throttles is documented, and no answer published. */
function throttled(retryAfter: number | undefined): Response {
  const answer = refused(
    new Refusal(429, "rate_limit_exceeded", "rate_limit_error", "Too many requests"),
  );
  if (retryAfter !== undefined) answer.headers.set("retry-after", `${retryAfter}`);
  return answer;
}

/** Observed: both texts. Assumed: code and type, and how long ago the key of a bearer ended. */
function expired({ headers }: Request, now: number): Refusal {
  const isBearer = headers.get("authorization")?.startsWith("Bearer ");
  if (isBearer) return signatureExpired(now - 12 * 3_600_000, now);
  return unauthorized("The security token included in the request is expired");
}

/** Assumed: the service has not been seen to redirect; what stands before it could. */
function redirected({ url }: Request, origin: string): Response {
  const { pathname, search } = new URL(url);
  const answer = empty(307);
  answer.headers.set("location", origin + pathname + search);
  return answer;
}

/** Assumed: how many events come before. All three have been seen of the service or of others. */
function withStreamFaults(answer: Response, take: Take): Response {
  const { body } = answer;
  if (!body || !answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer;
  const ending = take("reset", "stall");
  const withoutDone = take("no-done") !== undefined;
  if (!ending && !withoutDone) return answer;
  const fault = { end: ending?.kind, after: ending?.after ?? 2, withoutDone };
  return new Response(breakEventStream(body, fault), answer);
}

function common(answer: Response): Response {
  return withCommonHeaders(answer, `req_${base32()}`);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    }, milliseconds);
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
}
