import type { Digest } from "./digest.ts";
import { lazy, type MaybePromise } from "./lazy.ts";

/** The clock, limits and digest that this module uses. */
export interface Platform {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The limit for a credential lookup, in milliseconds, whatever the version of the SDK. */
  readonly lookupLimitMs: number;
  /** Loads the digest when the first signature is needed. */
  readonly digest: () => MaybePromise<Digest>;
}

/** The platform of this process. */
export const PLATFORM: Platform = {
  now: () => Date.now(),
  lookupLimitMs: 60_000,
  digest: lazy(async () => (await import("./digest.ts")).fastestDigest()),
};

/** A clock that can be corrected from responses of the service. */
export interface AdjustableClock {
  /** Reads milliseconds since 1970 on this machine. */
  readonly machine: () => number;
  /** The milliseconds by which the service is ahead; 0 until it is corrected. */
  offset: number;
}

/** Reads milliseconds since 1970, corrected. */
export function readClock({ machine, offset }: AdjustableClock): number {
  return machine() + offset;
}
