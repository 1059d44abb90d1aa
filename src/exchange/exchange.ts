import type { Authenticator, AuthorizedRequest } from "../auth/authenticator.ts";
import { BedrockError } from "../errors.ts";
import type { Route } from "../options.ts";
import { withDeadline } from "../platform/deadline.ts";
import { copyHeaders } from "../platform/headers.ts";
import { reportUnknownOperation } from "./advice.ts";
import type { Call } from "./call.ts";
import { recover } from "./recovery.ts";
import { errorResponse } from "./response.ts";
import { createRouter, type Router } from "./router.ts";
import { send, type Transport } from "./send.ts";

/** The dependencies of a `fetch` of this module. */
export interface FetchParts extends Omit<Transport, "names"> {
  readonly authenticator: Authenticator;
  readonly routes: readonly Route[];
}

/** Creates the handler of calls: it routes, authenticates, sends, retries once and adds advice. */
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

  const deliver = (authorized: AuthorizedRequest) => send(call, authorized, { ...parts, names });
  const attempt = { call, sent, response: await deliver(sent) };
  if (!attempt.response.ok) return await recover(attempt, { endpoint, authenticator, deliver });
  const response = await reportUnknownOperation(attempt.response, endpoint, url);
  return router.note(response, sent.url, call.method);
}

function authorize(
  { url, method, headers: given, body, signals, handoff }: Call,
  authenticator: Authenticator,
): Promise<AuthorizedRequest> {
  // The client still holds the headers that its provider authenticated
  const headers = handoff ? copyHeaders(given) : given;
  const credential = handoff?.credential;
  const request = { url, method, headers, body, signals, timeoutMs: undefined, credential };
  return authenticator.authorize(request);
}
