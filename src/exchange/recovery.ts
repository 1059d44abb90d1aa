import type { Authenticator, AuthorizedRequest } from "../auth/authenticator.ts";
import { isStream } from "../auth/body.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { BedrockError } from "../errors.ts";
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

/** What a retry needs. */
export interface RecoveryTools {
  readonly endpoint: Endpoint;
  readonly authenticator: Authenticator;
  readonly deliver: (call: Call, sent: AuthorizedRequest) => Promise<Response>;
}

/** A failed attempt, what it says, and the advice on that. */
interface Examined extends Attempt {
  readonly request: FailedRequest | undefined;
  readonly advice: Advice | undefined;
}

/** A retry, or why there was none; without a reason if nothing suggested one. */
interface Retry {
  readonly attempt: Attempt | undefined;
  readonly skipped: string | undefined;
}

const skip = (skipped?: string): Retry => ({ attempt: undefined, skipped });

/**
 * Retries a failed attempt once if another credential, or the right time, may be accepted, and explains
 * what fails all the same. Other retries are the client's.
 */
export async function recover(attempt: Attempt, tools: RecoveryTools): Promise<Response> {
  const first = await examine(attempt, tools);
  const { attempt: second, skipped } = await retryOnce(first, tools);
  if (!second) return explain(first, skipped);
  cancelBody(first.response);
  return second.response.ok ? second.response : explain(await examine(second, tools));
}

async function examine(
  attempt: Attempt,
  { endpoint, authenticator: { mode, names } }: RecoveryTools,
): Promise<Examined> {
  const { call, sent: { url }, response } = attempt;
  const failure = await readFailure(response);
  if (!failure) return { ...attempt, request: undefined, advice: undefined };
  const model = await requestedModel(call);
  const request = { failure, endpoint, mode, names, url, model };
  return { ...attempt, request, advice: findAdvice(request) };
}

async function requestedModel({ body }: Call): Promise<string | undefined> {
  try {
    return await readModel(body);
  } catch {
    return undefined; // the `Request` that it stands in has been read
  }
}

function explain({ response, request, advice }: Examined, skipped?: string): Response {
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
    return skip("It was not retried, as its body can be read only once.");
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
    return skip(`Looking the credentials up again failed: ${reason}.`);
  }
  const second = await deliver(call, resent);
  return { attempt: { call, sent: resent, response: second }, skipped: undefined };
}
