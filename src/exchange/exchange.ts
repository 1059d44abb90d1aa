import type { Authenticator, AuthorizedRequest } from "../auth/authenticator.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { BedrockError } from "../errors.ts";
import type { Fetch, Route } from "../options.ts";
import { withDeadline } from "../platform/deadline.ts";
import { copyHeaders } from "../platform/headers.ts";
import { reportUnknownOperation } from "./advice.ts";
import type { Call } from "./call.ts";
import { recover } from "./recovery.ts";
import { errorResponse } from "./response.ts";
import { createRouter, type Router } from "./router.ts";
import { send } from "./send.ts";

/** What a `fetch` of this module is made of. */
export interface FetchParts {
  readonly endpoint: Endpoint;
  readonly authenticator: Authenticator;
  readonly routes: readonly Route[];
  /** What it sends through, instead of the global `fetch`, as it is at call time. */
  readonly fetch: Fetch | undefined;
  readonly idleTimeoutMs: number | undefined;
}

/** Creates what handles calls: it routes, authenticates, sends, retries once and explains. */
export function createExchange(parts: FetchParts): (call: Call) => Promise<Response> {
  const router = createRouter(parts.endpoint, parts.routes);
  const { names } = parts.authenticator;
  return async (call) => {
    try {
      return await exchange(call, parts, router);
    } catch (error) {
      if (error instanceof BedrockError) return errorResponse(error, names);
      throw error;
    }
  };
}

async function exchange(call: Call, parts: FetchParts, router: Router): Promise<Response> {
  const { endpoint } = parts;
  const { handoff } = call;
  const authenticator = handoff?.authenticator ?? parts.authenticator;
  const { names } = authenticator;
  const url = await withDeadline(() => router.target(call.url, call.body), call.signals);
  const sent = handoff && url === call.url
    ? { ...handoff, url, headers: call.headers, body: call.body }
    : await authorize({ ...call, url }, authenticator);

  const deliver = (call: Call, sent: AuthorizedRequest) => send(call, sent, { ...parts, names });
  const attempt = { call, sent, response: await deliver(call, sent) };
  if (!attempt.response.ok) return await recover(attempt, { endpoint, authenticator, deliver });
  const response = await reportUnknownOperation(attempt.response, endpoint, url);
  return router.note(response, sent.url, call.method);
}

function authorize(
  { url, method, headers: taken, body, signals, handoff }: Call,
  { authorize }: Authenticator,
): Promise<AuthorizedRequest> {
  // The client holds what its provider has authenticated
  const headers = handoff ? copyHeaders(taken) : taken;
  const credential = handoff?.credential;
  return authorize({ url, method, headers, body, signals, timeoutMs: undefined, credential });
}
