import { instead, isRedirect, refusal, unconnected, withRequestId } from "./answer.ts";
import type { Call } from "./call.ts";
import { departing } from "./departure.ts";
import { BedrockError } from "./errors.ts";
import { explainedSuccess, unservedRegion } from "./explanation.ts";
import type { FetchParts } from "./fetch.ts";
import { copiedHeaders } from "./headers.ts";
import { notIdle } from "./idle_stream.ts";
import { withinLimits } from "./limits.ts";
import { recover } from "./recovery.ts";
import type { Authenticator, AuthorizedRequest } from "./request.ts";
import { createRouter, type Router } from "./router.ts";

/** Answers calls: routes, authenticates, sends, recovers once and explains. */
export function createExchange(parts: FetchParts): (call: Call) => Promise<Response> {
  const router = createRouter(parts.endpoint, parts.routes);
  return async (call) => {
    try {
      return await exchange(call, parts, router);
    } catch (error) {
      if (error instanceof BedrockError) return refusal(error);
      throw error;
    }
  };
}

async function exchange(call: Call, parts: FetchParts, router: Router): Promise<Response> {
  const { endpoint } = parts;
  const { known } = call;
  const authenticator = known?.authenticator ?? parts.authenticator;
  const url = await withinLimits(() => router.target(call.url, call.body), call.signals);
  const sent = known && url === call.url
    ? { ...known, url, headers: call.headers, body: call.body }
    : await authorized({ ...call, url }, authenticator);

  const deliver = (call: Call, sent: AuthorizedRequest) => send(call, sent, parts);
  const attempt = { call, sent, answer: await deliver(call, sent) };
  return attempt.answer.ok
    ? router.noted(await explainedSuccess(attempt.answer, endpoint, url), sent.url, call.method)
    : await recover(attempt, { endpoint, authenticator, deliver });
}

function authorized(
  { url, method, headers: taken, body, signals, known }: Call,
  { authorize }: Authenticator,
): Promise<AuthorizedRequest> {
  // The client holds what its provider has authenticated
  const headers = known ? copiedHeaders(taken) : taken;
  const credential = known?.credential;
  return authorize({ url, method, headers, body, signals, timeoutMs: undefined, credential });
}

async function send(
  call: Call,
  sent: AuthorizedRequest,
  { endpoint, send, idleTimeoutMs }: FetchParts,
): Promise<Response> {
  const departed = departing(call, sent);
  try {
    const answer = await (send ? send(...departed) : globalThis.fetch(...departed));
    assertResponse(answer);
    return isRedirect(answer) ? instead(answer) : notIdle(withRequestId(answer), idleTimeoutMs);
  } catch (error) {
    const hint = isUnknownHost(error) ? unservedRegion(endpoint) : undefined;
    if (!hint) throw error;
    return unconnected(hint);
  }
}

/** A `Response` of another realm, or of a package, will do. */
function assertResponse(answer: unknown): asserts answer is Response {
  try {
    const { status, headers } = answer as Partial<Response>;
    if (typeof status === "number" && typeof headers?.get === "function") return;
  } catch {
    // What cannot be looked into is none
  }
  throw new BedrockError(
    "option_invalid",
    "`fetch` resolved to something that is not a `Response`. Return what the platform's returns",
  );
}

/** How the runtimes say that a host has no address, browsers and workerd as they say all else. */
const UNKNOWN_HOST = /ENOTFOUND|EAI_AGAIN|getaddrinfo|\bdns\b|resolve host|FailedToOpenSocket/i;
const ANY_FAILURE = /^(?:Failed to fetch|NetworkError|Load failed|internal error)/;

function isUnknownHost(error: unknown): boolean {
  try {
    const { name, message, code, cause } = error as Error & { code?: unknown };
    if (!/^(?:Type)?Error$/.test(name)) return false;
    const text = `${code} ${message} ${(cause as { code?: unknown } | undefined)?.code} ${cause}`;
    return UNKNOWN_HOST.test(text) || ANY_FAILURE.test(message);
  } catch {
    return false; // what was thrown is no error
  }
}
