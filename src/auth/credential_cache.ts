import { withDeadline } from "../platform/deadline.ts";
import { PLATFORM, type Platform } from "../platform/platform.ts";
import { isRefresh } from "./callback.ts";
import type { IdentityProperties } from "./credentials.ts";

/** Credentials are refreshed this long before they expire, as AWS's own SDKs do. */
export const REFRESH_BEFORE_MS = 5 * 60_000;

/** Credentials without an expiry are looked up again after this time, as their source may rotate. */
const NO_EXPIRY_TTL_MS = 5 * 60_000;

/** While credentials are still valid, a request waits this long for a refresh. */
const STALE_WAIT_MS = 2_000;

/** While credentials are still valid, a failed refresh is not retried earlier. */
const RETRY_AFTER_MS = 3_000;

/** A lookup in progress. */
interface Pending<Credential> {
  readonly credential: Promise<Credential>;
  readonly isRefresh: boolean;
}

interface Cached<Credential> {
  readonly credential: Credential;
  /** When to refresh, in milliseconds since 1970. */
  readonly refreshAt: number;
  /** When it expires; without a date it stays valid until it is replaced. */
  readonly expiresAt: number;
}

/**
 * Caches credentials until shortly before they expire, and shares one lookup among all who wait; a
 * forced refresh shares only another forced one.
 *
 * A lookup that fails or hangs costs nobody credentials that are still valid. A failure is reported to
 * those who waited for it, and not cached. There is no timer: what is due is noticed on use.
 *
 * @param refreshBeforeMs How long before expiry to refresh; `Infinity` looks up every time, and uses the
 * cache only if that fails.
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

  /** Joins a lookup in progress, unless it may find what somebody has seen refused. */
  function lookUp(properties: IdentityProperties | undefined): Promise<Credential> {
    const forced = isRefresh(properties);
    if (pending && (pending.isRefresh || !forced)) return pending.credential;
    // Without a limit of its own, one lookup that hangs would hold up every later request
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
      // What was refused may work for others: it is kept until there is something better
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
