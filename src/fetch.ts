import { instead, ofOurs, refusal, withRequestId } from "./answer.ts";
import { takeAuthorized } from "./authorized_headers.ts";
import { type Call, callOf, departing } from "./call.ts";
import type { AdjustableClock } from "./clock.ts";
import type { Endpoint } from "./endpoint.ts";
import { BedrockError } from "./errors.ts";
import { explainedSuccess, unservedRegion } from "./explanation.ts";
import { notIdle } from "./idle_stream.ts";
import { recover } from "./recovery.ts";
import type { Authenticator, AuthorizedRequest } from "./request.ts";
import type { Router } from "./router.ts";

/** The function that the platform calls `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** What a `fetch` of this module is made of. */
export interface FetchParts {
  readonly endpoint: Endpoint;
  readonly authenticator: Authenticator;
  readonly clock: AdjustableClock;
  readonly router: Router;
  /** What it sends through, if not the global `fetch`, as it is at call time. */
  readonly send: Fetch | undefined;
  readonly idleTimeoutMs: number | undefined;
}

/**
 * Makes a `fetch` that routes, authenticates, recovers once and explains. What it refuses is
 * answered, in the envelope of OpenAI: the client of OpenAI would repeat what is thrown.
 */
export function createFetch(parts: FetchParts): Fetch {
  return async (input: RequestInfo | URL, options?: RequestInit | null) => {
    try {
      return await exchange(callOf(input, options), parts);
    } catch (error) {
      if (error instanceof BedrockError) return refusal(error);
      throw error;
    }
  };
}

async function exchange(call: Call, parts: FetchParts): Promise<Response> {
  const { endpoint, clock, router, idleTimeoutMs } = parts;
  const known = takeAuthorized(call.headers, call);
  const authenticator = known?.authenticator ?? parts.authenticator;
  const url = await router.target(call.url, call.body);
  const sent = known && url === call.url
    ? { url, headers: call.headers as Headers, body: call.body, credential: known.credential }
    : await authorized({ ...call, url }, authenticator, known?.credential);

  const deliver = (call: Call, sent: AuthorizedRequest) => send(call, sent, parts);
  const attempt = { call, sent, answer: await deliver(call, sent) };
  const answer = attempt.answer.ok
    ? await explainedSuccess(attempt.answer, endpoint, url)
    : await recover(attempt, { endpoint, authenticator, clock, deliver });
  router.note(sent.url, call.method, answer);
  return notIdle(answer, idleTimeoutMs);
}

function authorized(
  { url, method, headers, body, signals }: Call,
  { authorize }: Authenticator,
  credential: AuthorizedRequest["credential"] | undefined,
): Promise<AuthorizedRequest> {
  return authorize({ url, method, headers: new Headers(headers), body, signals, credential });
}

async function send(
  call: Call,
  sent: AuthorizedRequest,
  { endpoint, send }: FetchParts,
): Promise<Response> {
  const departed = departing(call, sent);
  try {
    const answer = await (send ? send(...departed) : globalThis.fetch(...departed));
    return isRedirect(answer) ? instead(answer) : withRequestId(answer);
  } catch (error) {
    const hint = unservedRegion(endpoint);
    if (!hint || call.signals.some(({ aborted }) => aborted)) throw error;
    return ofOurs(502, "region_unserved", hint);
  }
}

/** Browsers show nothing of a redirect that is not followed. */
function isRedirect({ status, type, headers }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400 && headers.has("location"));
}
