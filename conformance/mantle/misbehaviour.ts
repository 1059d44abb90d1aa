import { empty, refused, withCommonHeaders } from "./http_responses.ts";
import { shiftClock } from "./clock_shift.ts";
import { invalid, Refusal, serverFault, unauthorized } from "./errors.ts";
import { breakEventStream } from "./event_stream_faults.ts";
import type { Handler } from "../../loopback/handler.ts";
import { base32 } from "./ids.ts";
import { parseMisbehaviours } from "./misbehaviour_words.ts";
import type { Misbehaviour } from "./misbehaviour_words.ts";
import { signatureExpired } from "./sigv4_time.ts";

/** The misbehaviour of a handler. */
export interface MisbehaveOptions {
  /** The misbehaviours, whatever the request asks for. @default {[]} */
  readonly misbehaviours?: readonly Misbehaviour[];
  /** The clock, in milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** The header of a request that asks for misbehaviour. */
export const MISBEHAVE_HEADER = "x-mantle-misbehave";

type Kind = Misbehaviour["kind"];
type Of<K extends Kind> = Extract<Misbehaviour, { readonly kind: K }>;
type Take = <K extends Kind>(...kinds: K[]) => Of<K> | undefined;

/** The number of header values that are cached, so that a long-lived server stays small. */
const MAX_CACHED = 1000;
const REPLACING = ["429", "500", "expired-token", "redirect"] as const;

/**
 * Wraps a handler so that it misbehaves, as options or the request's header `x-mantle-misbehave`
 * demand, for example `429; retry-after=1`.
 *
 * Of misbehaviours that exclude each other, the first that has a turn left applies; those of the
 * header come before those of the options. A preflight is never affected.
 *
 * @param handler The handler that responds otherwise, such as a `mantle()`.
 * @param options The misbehaviours.
 * @returns The misbehaving handler.
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
 * assert.equal((await ask()).status, 401); // its turn is over, and there is no credential
 * ```
 */
export function misbehave(
  handler: Handler,
  options: MisbehaveOptions = {},
): (request: Request) => Promise<Response> {
  const { misbehaviours = [], now = Date.now } = options;
  const parse = cacheParsed();
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
      all = [...parse(request.headers.get(MISBEHAVE_HEADER)), ...misbehaviours];
    } catch (error) {
      return common(refused(invalid(`${MISBEHAVE_HEADER}: ${(error as TypeError).message}`)));
    }
    const take: Take = <K extends Kind>(...kinds: K[]) =>
      all.find((each): each is Of<K> => kinds.some((kind) => kind === each.kind) && hasTurn(each));

    const latency = take("latency");
    if (latency) await pause(latency.ms, request.signal);
    const replacing = take(...REPLACING);
    if (replacing) return common(replacementFor(replacing, request, now()));
    const forwarded = withoutHeader(request);
    const skew = take("skew");
    if (skew) shiftClock(forwarded, skew.seconds * 1000);
    return withStreamFaults(await handler(forwarded), take);
  };
}

/** Caches parsed headers, so that misbehaviours keep their turns while requests repeat a header. */
function cacheParsed(): (header: string | null) => readonly Misbehaviour[] {
  const cache = new Map<string, readonly Misbehaviour[]>();
  return (header) => {
    if (header === null) return [];
    const misbehaviours = cache.get(header) ?? parseMisbehaviours(header);
    // The least recently used entry is evicted first
    cache.delete(header);
    cache.set(header, misbehaviours);
    if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value!);
    return misbehaviours;
  };
}

/** Removes the header, unless the client has signed it with its others. */
function withoutHeader(request: Request): Request {
  if (!request.headers.has(MISBEHAVE_HEADER)) return request;
  const authorization = request.headers.get("authorization") ?? "";
  const [, signed = ""] = /SignedHeaders=([^,\s]+)/.exec(authorization) ?? [];
  if (signed.split(";").includes(MISBEHAVE_HEADER)) return request;
  const headers = new Headers(request.headers);
  headers.delete(MISBEHAVE_HEADER);
  return new Request(request, { headers });
}

/** Responds before the handler, as a system in front of the service would: nothing is verified. */
function replacementFor(
  misbehaviour: Of<(typeof REPLACING)[number]>,
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

/** Throttles. Assumed: body and header; throttling is documented, but no response is published. */
function throttled(retryAfter: number | undefined): Response {
  const response = refused(
    new Refusal(429, "rate_limit_exceeded", "rate_limit_error", "Too many requests"),
  );
  if (retryAfter !== undefined) response.headers.set("retry-after", `${retryAfter}`);
  return response;
}

/** Refuses as expired. Observed: both messages. Assumed: code, type, and the age of a bearer's key. */
function expired({ headers }: Request, now: number): Refusal {
  const isBearer = headers.get("authorization")?.startsWith("Bearer ");
  if (isBearer) return signatureExpired(now - 12 * 3_600_000, now);
  return unauthorized("The security token included in the request is expired");
}

/** Redirects. Assumed: nobody has seen the service redirect, but a system in front of it could. */
function redirected({ url }: Request, origin: string): Response {
  const { pathname, search } = new URL(url);
  const response = empty(307);
  response.headers.set("location", origin + pathname + search);
  return response;
}

/** Adds faults to event streams. Observed: all three, of this service or others. Assumed: after which event. */
function withStreamFaults(response: Response, take: Take): Response {
  const { body } = response;
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (!body || !isStream) return response;
  const ending = take("reset", "stall");
  const withoutDone = take("no-done") !== undefined;
  if (!ending && !withoutDone) return response;
  const fault = { end: ending?.kind, after: ending?.after ?? 2, withoutDone };
  return new Response(breakEventStream(body, fault), response);
}

function common(response: Response): Response {
  return withCommonHeaders(response, `req_${base32()}`);
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
