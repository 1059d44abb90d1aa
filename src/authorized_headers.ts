import { isSignable, type Pair, pairsOf } from "./headers.ts";
import type { Authenticator, AuthorizedRequest } from "./request.ts";

/** What was authenticated: the headers are only good for exactly this. */
export interface AuthorizedAttempt {
  readonly url: string;
  readonly method: string;
  readonly body: unknown;
}

/** Who has authenticated an attempt, and with what. */
export interface Authorship extends Pick<AuthorizedRequest, "credential" | "covered"> {
  readonly authenticator: Authenticator;
}

/** Lets a class add private fields to an object that is there already. */
class Existing {
  constructor(existing: object) {
    return existing;
  }
}

/**
 * Headers that any provider of this module has authenticated. The OpenAI client hands the very
 * object on to `fetch`, which so knows that there is nothing left to do; also when the provider and
 * the `fetch` of a client come from two calls of `bedrock()`.
 *
 * Noted in a private field, which takes a third of the time of a `WeakMap`; headers take it once.
 */
class AuthorizedHeaders extends Existing {
  #attempt: (AuthorizedAttempt & Authorship) | undefined;

  constructor(headers: Headers, attempt: AuthorizedAttempt & Authorship) {
    super(headers);
    this.#attempt = attempt;
  }

  static take(headers: Headers): (AuthorizedAttempt & Authorship) | undefined {
    if (!(#attempt in headers)) return undefined;
    const attempt = headers.#attempt;
    headers.#attempt = undefined;
    return attempt;
  }
}

/** Notes that headers, which are fresh, authenticate an attempt. */
export function markAuthorized(
  headers: Headers,
  attempt: AuthorizedAttempt & Authorship,
): void {
  new AuthorizedHeaders(headers, attempt);
}

/** Who has authenticated exactly this attempt by these headers, which are good only once. */
export function takeAuthorized(
  headers: unknown,
  attempt: AuthorizedAttempt,
): Authorship | undefined {
  if (!(headers instanceof Headers)) return undefined;
  const known = AuthorizedHeaders.take(headers);
  const isSame = known?.url === attempt.url && known.method === attempt.method &&
    known.body === attempt.body && isUntouched(headers, known);
  return isSame ? known : undefined;
}

/** Whether the headers say what was signed and nothing more; a wrapper of `fetch` may edit any. */
function isUntouched(headers: Headers, { covered, credential }: Authorship): boolean {
  if (covered.some(([name, value]) => headers.get(name) !== value)) return false;
  // That of the URL is signed; Bun would send this one
  if (headers.has("host")) return false;
  const unsigned = ([name]: Pair) => !covered.some(([known]) => known === name);
  return credential.mode === "bearer" || !pairsOf(headers).filter(isSignable).some(unsigned);
}
