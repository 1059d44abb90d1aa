/** What was authenticated: the headers are only good for exactly this. */
export interface AuthorizedAttempt {
  readonly url: string;
  readonly method: string;
  readonly body: unknown;
}

/**
 * The headers that any provider of this module has authenticated. The OpenAI client hands the very
 * object on to `fetch`, which so knows that there is nothing left to do; also when the provider and
 * the `fetch` of a client come from two calls of `bedrock()`.
 */
const attempts = new WeakMap<Headers, AuthorizedAttempt>();

/** Notes that headers authenticate an attempt. */
export function markAuthorized(headers: Headers, attempt: AuthorizedAttempt): void {
  attempts.set(headers, attempt);
}

/** Whether headers authenticate exactly this attempt. */
export function isAuthorized(headers: unknown, attempt: AuthorizedAttempt): headers is Headers {
  const known = headers instanceof Headers ? attempts.get(headers) : undefined;
  return known !== undefined && known.url === attempt.url && known.method === attempt.method &&
    known.body === attempt.body;
}
