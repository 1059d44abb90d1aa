import type { AuthorizedRequest } from "../auth/authenticator.ts";
import { toStream } from "../auth/signed_request.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { BedrockError, type OptionNames } from "../errors.ts";
import type { Fetch } from "../options.ts";
import { isStream } from "../platform/body.ts";
import { assertResponse, isRedirect } from "../platform/responses.ts";
import { adviseOnRegion } from "./advice.ts";
import { type Call, readPlatformUrl } from "./call.ts";
import { patientDispatcher } from "./node_dispatcher.ts";
import { limitIdleTime, refuseRedirect, unreachableResponse, withRequestId } from "./response.ts";

/** The settings for sending requests and treating responses. */
export interface Transport {
  readonly endpoint: Endpoint;
  readonly names: OptionNames;
  /** Replaces the global `fetch`, which is read at call time. */
  readonly fetch: Fetch | undefined;
  readonly idleTimeoutMs: number | undefined;
}

/** Sends an authorized request once, without following redirects. */
export async function send(
  call: Call,
  sent: AuthorizedRequest,
  { endpoint, names, fetch, idleTimeoutMs }: Transport,
): Promise<Response> {
  const [input, init] = fetchArguments(call, sent);
  try {
    const response =
      await (fetch ? fetch(input, init) : globalThis.fetch(input, withPatience(init)));
    assertResponse(response);
    return isRedirect(response)
      ? refuseRedirect(response, names)
      : limitIdleTime(withRequestId(response), idleTimeoutMs);
  } catch (error) {
    const advice = isUnknownHost(error) ? adviseOnRegion(endpoint, names) : undefined;
    if (advice === undefined) throw error;
    return unreachableResponse(advice);
  }
}

/**
 * Builds the arguments for the platform's `fetch`.
 *
 * @throws {BedrockError} `origin_mismatch` if a `Request` would be sent to another URL than the
 * checked one
 */
export function fetchArguments(
  { method, request, init }: Call,
  sent: Pick<AuthorizedRequest, "url" | "headers" | "body">,
): [input: string | Request, init: RequestInit] {
  const changed = { method, headers: sent.headers, redirect: "manual" as const };
  const body = toSendable(sent.body) as BodyInit | undefined;
  const streamed = isStream(body) ? { duplex: "half" } : {};
  if (!request) {
    // Set even if undefined, so that none is read from `Object.prototype`
    return [sent.url, { ...init, ...changed, body, signal: init.signal, ...streamed }];
  }
  const fresh = sent.body === request ? {} : { body, ...streamed };
  const target = isFor(sent.url, request) ? request : new Request(sent.url, request);
  const built = new Request(target, { __proto__: null, ...init, ...changed, ...fresh } as object);
  if (isFor(sent.url, built)) return [built, transportOptions(init)];
  throw new BedrockError(
    "origin_mismatch",
    "Cannot authenticate a `Request` that the platform would send to a different URL. " +
      "Pass the URL as a string",
  );
}

function isFor(url: string, request: Request): boolean {
  return readPlatformUrl(request) === new URL(url).href;
}

/**
 * Wraps generators, whose name Chromium would send. Node's streams stay: some `fetch` take no
 * others.
 */
function toSendable(body: unknown): unknown {
  return isStream(body) && !("pipe" in body) ? toStream(body) : body;
}

/** Lets Node wait for a response as long as other runtimes do; a dispatcher of the caller's stays. */
function withPatience(init: RequestInit): RequestInit {
  const dispatcher = patientDispatcher();
  return dispatcher ? { __proto__: null, dispatcher, ...init } as RequestInit : init;
}

/** Keeps what a runtime adds to `RequestInit` (a proxy, a dispatcher) and a `Request` may drop. */
function transportOptions(init: RequestInit): RequestInit {
  const rest = { __proto__: null, ...init, redirect: "manual" } as RequestInit;
  for (const name of ["method", "headers", "body", "signal"] as const) delete rest[name];
  return rest;
}

/** The ways in which runtimes report an unknown host. */
const UNKNOWN_HOST = /ENOTFOUND|EAI_AGAIN|getaddrinfo|\bdns\b|resolve host|FailedToOpenSocket/i;
/** The messages of browsers and workerd for any network failure, which may be an unknown host. */
const ANY_FAILURE = /^(?:Failed to fetch|NetworkError|Load failed|internal error)/;

function isUnknownHost(error: unknown): boolean {
  try {
    const { name, message, code, cause } = error as Error & { code?: unknown };
    if (!/^(?:Type)?Error$/.test(name)) return false;
    const text = `${code} ${message} ${(cause as { code?: unknown } | undefined)?.code} ${cause}`;
    return UNKNOWN_HOST.test(text) || ANY_FAILURE.test(message);
  } catch {
    return false; // not an error object
  }
}
