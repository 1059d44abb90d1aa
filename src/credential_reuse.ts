import { isRefresh } from "./callback.ts";
import type { IdentityProperties } from "./credentials.ts";
import { withinLimits } from "./limits.ts";
import { REAL_WORLD, type World } from "./world.ts";

/** Credentials are looked up again this long before they end, as AWS's own SDKs do. */
export const EARLY_MS = 5 * 60_000;

/** Credentials without an expiry are looked up again after this time, as their source may rotate. */
const UNDATED_MS = 5 * 60_000;

/** While credentials are still valid, a lookup for their successors holds up a request this long. */
const PATIENCE_MS = 2_000;

/** While credentials are still valid, a failed lookup for their successors is not repeated earlier. */
const RETRY_MS = 3_000;

/** What may end. */
interface Dated {
  readonly expiration?: Date | undefined;
}

/** A lookup that is under way. */
interface Pending<Credential> {
  readonly credential: Promise<Credential>;
  /** Whether it was asked to look afresh. */
  readonly fresh: boolean;
}

interface Held<Credential> {
  readonly credential: Credential;
  /** When to look for a successor, in milliseconds since 1970. */
  readonly dueAt: number;
  /** When it ends; what has no date stays valid until a successor is found. */
  readonly endsAt: number;
}

/**
 * Reuses credentials until shortly before they end, and shares one lookup among all who wait; but
 * whoever asks afresh shares only one that does as well.
 *
 * A lookup that fails or hangs costs nobody credentials that are still valid; a failure is told to
 * those who waited for it, and not remembered. No timer is kept: what is due is seen when asked.
 *
 * @param earlyMs How long before their end credentials are looked up again; `Infinity` asks for
 * them every time, and reuses them only where that fails.
 */
export function reuseUntilExpiry<Credential extends Dated>(
  resolve: (properties?: IdentityProperties) => Promise<Credential>,
  world: Pick<World, "now" | "lookupLimitMs"> = REAL_WORLD,
  earlyMs: number = EARLY_MS,
): (properties?: IdentityProperties) => Promise<Credential> {
  const { now, lookupLimitMs } = world;
  let held: Held<Credential> | undefined;
  let pending: Pending<Credential> | undefined;
  let nextTryAt = 0;

  function keep(credential: Credential): void {
    const endsAt = credential.expiration?.getTime() ?? Infinity;
    held = {
      credential,
      dueAt: credential.expiration ? endsAt - earlyMs : now() + UNDATED_MS,
      endsAt,
    };
  }

  /** Joins a lookup that is under way, unless that may find what somebody has seen refused. */
  function lookUp(properties: IdentityProperties | undefined): Promise<Credential> {
    const fresh = isRefresh(properties);
    if (pending && (pending.fresh || !fresh)) return pending.credential;
    // Without a limit of its own, one lookup that hangs would hold up every later request
    const credential = withinLimits(() => resolve(properties), [], lookupLimitMs, true);
    const begun = { fresh, credential };
    pending = begun;
    begun.credential.then(
      (credential) => {
        if (pending === begun) keep(credential);
      },
      () => {
        nextTryAt = now() + RETRY_MS;
      },
    ).finally(() => {
      if (pending === begun) pending = undefined;
    });
    return begun.credential;
  }

  return async (properties) => {
    if (isRefresh(properties)) {
      // What was refused may be good for others: it goes once there is something better
      if (held) held = { ...held, dueAt: 0 };
      return await lookUp(properties);
    }
    if (held && now() < held.dueAt) return held.credential;
    const valid = held && now() < held.endsAt ? held.credential : undefined;
    if (valid && !pending && now() < nextTryAt) return valid;
    const successor = lookUp(properties);
    if (!valid) return await successor;
    return await withinLimits(() => successor, [], PATIENCE_MS)
      .catch(() => valid);
  };
}
