import { discard, explained, withoutCause } from "./answer.ts";
import type { Call } from "./call.ts";
import { adjust } from "./clock_skew.ts";
import { isReplayable } from "./departure.ts";
import { diagnose, type Diagnosis, isOfCredential } from "./diagnosis.ts";
import type { Endpoint } from "./endpoint.ts";
import { BedrockError } from "./errors.ts";
import { explanation } from "./explanation.ts";
import { type Failure, readFailure } from "./failure.ts";
import { copiedHeaders } from "./headers.ts";
import { modelOf } from "./model.ts";
import type { Authenticator, AuthorizedRequest } from "./request.ts";

/** An attempt that was answered. */
export interface Attempt {
  readonly call: Call;
  readonly sent: AuthorizedRequest;
  readonly answer: Response;
}

/** What a failed attempt can be mended by. */
export interface Means {
  readonly endpoint: Endpoint;
  readonly authenticator: Authenticator;
  readonly deliver: (call: Call, sent: AuthorizedRequest) => Promise<Response>;
}

/** What a failed attempt says, and what is behind it. */
interface Examined extends Attempt {
  readonly failure: Failure | undefined;
  readonly model?: string | undefined;
  readonly diagnosis?: Diagnosis | undefined;
}

/**
 * Makes a failed attempt once more where another credential, or the right time, may be let in, and
 * explains what fails all the same. Other retries are the client's.
 */
export async function recover(attempt: Attempt, means: Means): Promise<Response> {
  const first = await examine(attempt);
  const second = await again(first, means);
  if (typeof second === "string") return explain(first, means, second);
  discard(first.answer);
  return second.answer.ok ? second.answer : explain(await examine(second), means);
}

async function examine(attempt: Attempt): Promise<Examined> {
  const { call, sent, answer } = attempt;
  const failure = await readFailure(answer);
  if (!failure) return { ...attempt, failure };
  const model = await modelAskedFor(call);
  return { ...attempt, failure, model, diagnosis: diagnose(failure, sent.credential, model) };
}

async function modelAskedFor({ body }: Call): Promise<string | undefined> {
  try {
    return await modelOf(body);
  } catch {
    return undefined; // what it stood in has been read
  }
}

function explain(
  { sent: { credential, url }, answer, failure, model, diagnosis }: Examined,
  { endpoint }: Means,
  attempted = "",
): Response {
  if (!failure) return answer;
  const circumstances = { endpoint, credential, url, model, attempted };
  const text = diagnosis && explanation(diagnosis, failure, circumstances);
  return explained(answer, failure, text);
}

/** The second attempt, or why there is none. */
async function again(
  { call, sent, answer, diagnosis }: Examined,
  { authenticator, deliver }: Means,
): Promise<Attempt | string> {
  const isOfClock = diagnosis === "clock skewed";
  if (!isOfClock && !(isOfCredential(diagnosis) && authenticator.canRenew)) return "";
  if (!isReplayable(sent.body)) {
    return "Nothing was tried again, as the body can be read only once.";
  }
  if (isOfClock && !adjust(authenticator.clock, answer, sent)) return "";
  const { signals, method } = call;
  let resent: AuthorizedRequest;
  try {
    const credential = isOfClock
      ? sent.credential
      : await authenticator.renew(sent.credential, signals);
    if (!credential) return "Looked up afresh, they are the same.";
    const { url, body } = sent;
    const headers = copiedHeaders(sent.headers);
    const again = { url, body, headers, method, signals, timeoutMs: undefined, credential };
    resent = await authenticator.authorize(again);
  } catch (error) {
    if (error instanceof BedrockError) {
      return `Looked up afresh, there are none: ${withoutCause(error.message)}.`;
    }
    throw error;
  }
  return { call, sent: resent, answer: await deliver(call, resent) };
}
