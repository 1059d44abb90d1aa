import type { Authenticator, AuthorizedRequest } from "../auth/authenticator.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { BedrockError } from "../errors.ts";
import { isStream } from "../platform/body.ts";
import { copyHeaders } from "../platform/headers.ts";
import { adjustClock } from "../sigv4/clock.ts";
import { type Advice, type FailedRequest, findAdvice, withAdvice } from "./advice.ts";
import type { Call } from "./call.ts";
import { readFailure } from "./failure.ts";
import { cancelBody, describeBare } from "./response.ts";
import { readModel } from "./router.ts";

/** A request that was sent, and its response. */
export interface Attempt {
  readonly call: Call;
  readonly sent: AuthorizedRequest;
  readonly response: Response;
}

/** The dependencies of a retry. */
export interface RecoveryTools {
  readonly endpoint: Endpoint;
  readonly authenticator: Authenticator;
  readonly deliver: (authorized: AuthorizedRequest) => Promise<Response>;
}

/** A failed attempt, its failure, and the advice on it. */
interface Examined extends Attempt {
  readonly request: FailedRequest | undefined;
  readonly advice: Advice | undefined;
}

/** A retry, or the reason why there was none; neither if nothing suggested one. */
interface Retry {
  readonly attempt: Attempt | undefined;
  readonly skipped: string | undefined;
}

const skip = (skipped?: string): Retry => ({ attempt: undefined, skipped });

/**
 * Retries a failed attempt once if another credential or a corrected clock may help, and adds
 * advice if it still fails. Other retries are left to the client.
 */
export async function recover(attempt: Attempt, tools: RecoveryTools): Promise<Response> {
  const first = await examine(attempt, tools);
  const { attempt: second, skipped } = await retryOnce(first, tools);
  if (!second) return advise(first, skipped);
  cancelBody(first.response);
  return second.response.ok ? second.response : advise(await examine(second, tools));
}

async function examine(
  attempt: Attempt,
  { endpoint, authenticator: { mode, names } }: RecoveryTools,
): Promise<Examined> {
  const { call, sent: { url }, response } = attempt;
  const failure = await readFailure(response);
  if (!failure) return { ...attempt, request: undefined, advice: undefined };
  const model = await readRequestedModel(call);
  const request = { failure, endpoint, mode, names, url, model };
  return { ...attempt, request, advice: findAdvice(request) };
}

async function readRequestedModel({ body }: Call): Promise<string | undefined> {
  try {
    return await readModel(body);
  } catch {
    return undefined; // the body of a `Request` has been read already
  }
}

function advise({ response, request, advice }: Examined, skipped?: string): Response {
  if (!request) return response;
  const text = [advice?.advise(request), skipped].filter((each) => each !== undefined).join(" ");
  return withAdvice(response, request.failure, text || undefined);
}

async function retryOnce(
  { call, sent, response, advice }: Examined,
  { authenticator, deliver }: RecoveryTools,
): Promise<Retry> {
  const isOfClock = advice?.retry === "clock";
  const mayRetry = isOfClock || (advice?.retry === "credential" && authenticator.canRenew);
  if (!mayRetry) return skip();
  if (sent.body instanceof Request || isStream(sent.body)) {
    return skip("It was not retried, because its body can be read only once.");
  }
  if (isOfClock && !adjustClock(authenticator.clock, response, sent)) return skip();
  const { signals, method } = call;
  let resent: AuthorizedRequest;
  try {
    const credential = isOfClock
      ? sent.credential
      : await authenticator.renew(sent.credential, signals);
    if (!credential) return skip("Looked up again: the credentials are the same.");
    const { url, body } = sent;
    const headers = copyHeaders(sent.headers);
    const request = { url, body, headers, method, signals, timeoutMs: undefined, credential };
    resent = await authenticator.authorize(request);
  } catch (error) {
    if (!(error instanceof BedrockError)) throw error;
    const reason = describeBare(error, authenticator.names);
    return skip(`Looking up the credentials again failed: ${reason}.`);
  }
  const second = await deliver(resent);
  return { attempt: { call, sent: resent, response: second }, skipped: undefined };
}
