import { cacheUntilExpiry } from "../auth/credential_cache.ts";
import type { FoundIdentity, ResolveIdentity } from "../auth/credentials.ts";
import type { CallbackProperties } from "../options.ts";
import type { RetryingPlatform } from "../platform/retrying_platform.ts";
import { Refused } from "./refused.ts";

/** A way to get the credentials of a session, by a proof of who asks for them. */
export interface Grant<Proof> {
  /** Looks up the proof: tokens, or credentials to sign with. */
  readonly lookUp: (properties?: CallbackProperties) => Promise<Proof>;
  /** Tells whether the service would treat two proofs alike. */
  readonly isSame: (one: Proof, other: Proof) => boolean;
  /**
   * Exchanges the proof for credentials.
   *
   * @throws {Refused} what the service refused
   */
  readonly exchange: (proof: Proof, signal: AbortSignal) => Promise<FoundIdentity>;
}

/** Gets credentials by a grant, and reuses them until shortly before they expire. */
export function reuseSession<Proof>(
  grant: Grant<Proof>,
  platform: RetryingPlatform,
): ResolveIdentity {
  // The deadline of the lookup comes first, as its error says what failed
  const limitMs = platform.lookupLimitMs + 100;
  return cacheUntilExpiry(() => obtain(grant, AbortSignal.timeout(limitMs)), platform);
}

/** Exchanges a proof, and once another one if it may be at fault that the service refused. */
async function obtain<Proof>(
  { lookUp, isSame, exchange }: Grant<Proof>,
  signal: AbortSignal,
): Promise<FoundIdentity> {
  const proof = await lookUp();
  try {
    return await exchange(proof, signal);
  } catch (error) {
    const mayHelp = error instanceof Refused && error.isOfProof;
    const other = mayHelp ? await lookUp({ forceRefresh: true }) : proof;
    if (isSame(proof, other)) throw explain(error);
    return await exchange(other, signal).catch((error) => {
      throw explain(error);
    });
  }
}

function explain(error: unknown): unknown {
  return error instanceof Refused ? error.explain() : error;
}
