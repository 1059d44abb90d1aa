import { pairsOf } from "./headers.ts";
import type { Authenticator, AuthorizedRequest } from "./request.ts";

/** What was authenticated: the headers are only good for exactly this. */
export interface AuthorizedAttempt {
  readonly url: string;
  readonly method: string;
  readonly body: unknown;
}

/** Who has authenticated an attempt, and with what. */
export interface Authorship extends Pick<AuthorizedRequest, "credential"> {
  readonly authenticator: Authenticator;
}

/**
 * The headers that any provider of this module has authenticated. The OpenAI client hands the very
 * object on to `fetch`, which so knows that there is nothing left to do; also when the provider and
 * the `fetch` of a client come from two calls of `bedrock()`.
 */
const attempts = new WeakMap<
  Headers,
  AuthorizedAttempt & Authorship & { readonly covered: string }
>();

/** Notes that headers authenticate an attempt. */
export function markAuthorized(
  headers: Headers,
  attempt: AuthorizedAttempt,
  authorship: Authorship,
): void {
  attempts.set(headers, { ...attempt, ...authorship, covered: covered(headers) });
}

/** Who has authenticated exactly this attempt by these headers, which are good only once. */
export function takeAuthorized(
  headers: unknown,
  attempt: AuthorizedAttempt,
): Authorship | undefined {
  if (!(headers instanceof Headers)) return undefined;
  const known = attempts.get(headers);
  attempts.delete(headers);
  const isSame = known?.url === attempt.url && known.method === attempt.method &&
    known.body === attempt.body && known.covered === covered(headers);
  return isSame ? known : undefined;
}

/** The headers that authenticate or are signed; a wrapper of `fetch` may have edited any. */
function covered(headers: Headers): string {
  const covered = pairsOf(headers).filter(([name]) =>
    name === "authorization" || name === "content-type" || name.startsWith("x-amz-")
  );
  return JSON.stringify(covered);
}
