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
const attempts = new WeakMap<Headers, AuthorizedAttempt & { readonly covered: string }>();

/** Notes that headers authenticate an attempt. */
export function markAuthorized(headers: Headers, attempt: AuthorizedAttempt): void {
  attempts.set(headers, { ...attempt, covered: covered(headers) });
}

/** Whether headers authenticate exactly this attempt, which they do only once. */
export function takeAuthorized(headers: unknown, attempt: AuthorizedAttempt): boolean {
  if (!(headers instanceof Headers)) return false;
  const known = attempts.get(headers);
  attempts.delete(headers);
  return known !== undefined && known.url === attempt.url && known.method === attempt.method &&
    known.body === attempt.body && known.covered === covered(headers);
}

/** The headers that authenticate or are signed; a wrapper of `fetch` may have edited any. */
function covered(headers: Headers): string {
  const names = /^(?:authorization|content-type|x-amz-.*)$/;
  return JSON.stringify([...headers].filter(([name]) => names.test(name)));
}
