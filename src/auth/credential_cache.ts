import type { CallbackProperties } from "../options.ts";
import { withDeadline } from "../platform/deadline.ts";
import { PLATFORM, type Platform } from "../platform/platform.ts";
import type { Scheme } from "./authenticator.ts";
import { isRefresh } from "./callback.ts";
import type { IdentityProperties } from "./credentials.ts";

/** The time before expiry at which credentials are refreshed, as in AWS's own SDKs. */
export const REFRESH_BEFORE_MS = 5 * 60_000;

/** The lifetime of cached credentials without an expiry, as their source may rotate. */
const NO_EXPIRY_TTL_MS = 5 * 60_000;

/** The longest wait for a refresh while the old credentials are still valid. */
const STALE_WAIT_MS = 2_000;

/** The pause after a failed refresh while the old credentials are still valid. */
const RETRY_AFTER_MS = 3_000;

/** A lookup in progress. */
interface Pending<Credential> {
  readonly credential: Promise<Credential>;
  readonly isRefresh: boolean;
}

interface Cached<Credential> {
  readonly credential: Credential;
  /** Milliseconds since 1970. */
  readonly refreshAt: number;
  /** Milliseconds since 1970; `Infinity` if the credential states no expiry. */
  readonly expiresAt: number;
}

/**
 * Caches credentials until shortly before they expire. Concurrent callers share one lookup; a
 * forced refresh only joins another forced one.
 *
 * A lookup that fails or hangs does not discard credentials that are still valid. Failures are
 * reported to the callers that waited, and not cached. There is no timer: expiry is checked on use.
 *
 * @param refreshBeforeMs Time before expiry to refresh; `Infinity` looks up every time, and uses
 * the cache only if that fails.
 */
export function cacheUntilExpiry<Credential extends { readonly expiration?: Date | undefined }>(
  resolve: (properties?: IdentityProperties) => Promise<Credential>,
  { now, lookupLimitMs }: Pick<Platform, "now" | "lookupLimitMs"> = PLATFORM,
  refreshBeforeMs: number = REFRESH_BEFORE_MS,
): (properties?: IdentityProperties) => Promise<Credential> {
  let cached: Cached<Credential> | undefined;
  let pending: Pending<Credential> | undefined;
  let nextTryAt = 0;

  function keep(credential: Credential): void {
    const expiresAt = credential.expiration?.getTime() ?? Infinity;
    const refreshAt = credential.expiration
      ? expiresAt - refreshBeforeMs
      : now() + NO_EXPIRY_TTL_MS;
    cached = { credential, refreshAt, expiresAt };
  }

  /** Joins a lookup in progress, unless it may return the credentials that were refused. */
  function lookUp(properties: IdentityProperties | undefined): Promise<Credential> {
    const forced = isRefresh(properties);
    if (pending && (pending.isRefresh || !forced)) return pending.credential;
    // Without its own limit, a hanging lookup would block every later request
    const credential = withDeadline(() => resolve(properties), [], lookupLimitMs, true);
    const started = { isRefresh: forced, credential };
    pending = started;
    credential.then(
      (found) => {
        if (pending === started) keep(found);
      },
      () => {
        nextTryAt = now() + RETRY_AFTER_MS;
      },
    ).finally(() => {
      if (pending === started) pending = undefined;
    });
    return credential;
  }

  return async (properties) => {
    if (isRefresh(properties)) {
      // The refused credentials may still work elsewhere: keep them until replaced
      if (cached) cached = { ...cached, refreshAt: 0 };
      return await lookUp(properties);
    }
    if (cached && now() < cached.refreshAt) return cached.credential;
    const valid = cached && now() < cached.expiresAt ? cached.credential : undefined;
    if (valid && !pending && now() < nextTryAt) return valid;
    const refreshed = lookUp(properties);
    if (!valid) return await refreshed;
    return await withDeadline(() => refreshed, [], STALE_WAIT_MS).catch(() => valid);
  };
}

/** The time during which requests that had the same credential refused share a renewal. */
const SHARED_MS = 5_000;

/**
 * Creates a function that replaces a refused credential, with one lookup for all requests that had
 * it refused at about the same time. It resolves to `undefined` if the source has no other.
 */
export function createRenewal<Credential>(
  { lookUp, same }: Pick<Scheme<Credential, unknown>, "lookUp" | "same">,
  { now, lookupLimitMs }: Platform,
): (refused: Credential) => Promise<Credential | undefined> {
  const forced: CallbackProperties = { forceRefresh: true };
  let latest: { refused: Credential; renewed: Promise<Credential>; until: number } | undefined;
  return async (refused) => {
    if (!latest || now() >= latest.until || !same(latest.refused, refused)) {
      // Without its own limit, a hanging lookup would block every later one
      const renewed = withDeadline(() => lookUp(forced), [], lookupLimitMs, true);
      const shared = { refused, renewed, until: Infinity };
      latest = shared;
      renewed.then((credential) => {
        shared.until = same(credential, refused) ? 0 : now() + SHARED_MS;
      }, () => shared.until = 0);
    }
    const credential = await latest.renewed;
    return same(credential, refused) ? undefined : credential;
  };
}
