import { type Call, departing, isReplayable } from "./call.ts";
import { explained } from "./answer.ts";
import type { AdjustableClock } from "./clock.ts";
import { diagnose, type Diagnosis, isOfCredential } from "./diagnosis.ts";
import type { Endpoint } from "./endpoint.ts";
import { BedrockError } from "./errors.ts";
import { explanation } from "./explanation.ts";
import { readFailure } from "./failure.ts";
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
  readonly clock: AdjustableClock;
  readonly deliver: (...args: ReturnType<typeof departing>) => Promise<Response>;
}

/**
 * Makes a failed attempt once more where another credential, or the right time, may be let in, and
 * explains what fails. All other retries are the client's.
 */
export async function recover(attempt: Attempt, means: Means): Promise<Response> {
  const { call, sent, answer } = attempt;
  const failure = await readFailure(answer);
  if (!failure) return answer;
  const model = await modelOf(call.body).catch(() => undefined);
  const diagnosis = diagnose(failure, sent.credential, model);
  if (!diagnosis) return explained(answer, failure, undefined);

  const tried = await again(attempt, diagnosis, means);
  if (typeof tried !== "string") {
    answer.body?.cancel().catch(() => {});
    return await recover(tried, { ...means, authenticator: SPENT, clock: STOPPED });
  }
  const { endpoint } = means;
  const { credential, url } = sent;
  const circumstances = { endpoint, credential, url, model, attempted: tried };
  return explained(answer, failure, explanation(diagnosis, failure, circumstances));
}

/** The second attempt, or why there was none. */
async function again(
  { call, sent, answer }: Attempt,
  diagnosis: Diagnosis,
  { authenticator, clock, deliver }: Means,
): Promise<Attempt | string> {
  if (authenticator === SPENT) return "";
  const byClock = diagnosis === "clock skewed" && clock.adjust(answer, sent.url);
  if (!byClock && !isOfCredential(diagnosis)) return "";
  if (!isReplayable(sent.body)) return "The body can be read only once, so nothing was tried again.";
  try {
    const { signals } = call;
    const credential = byClock
      ? sent.credential
      : await authenticator.renew(sent.credential, { signals });
    if (!credential) return "Looked up afresh, they were the same.";
    const { url, method } = call;
    const headers = new Headers(call.headers);
    const { body } = call.body instanceof Request ? sent : call;
    const resent = await authenticator.authorize({
      url: sent.url,
      method,
      headers,
      body,
      signals,
      credential,
    });
    const next = { ...call, url };
    return { call: next, sent: resent, answer: await deliver(...departing(next, resent)) };
  } catch (error) {
    if (error instanceof BedrockError) return `No others were found: ${error.message}.`;
    throw error;
  }
}
