import type { Digest } from "./digest.ts";
import { lazy, type MaybePromise } from "./lazy.ts";

/** What this module needs of the world besides variables, files and `fetch`. */
export interface Platform {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a credential lookup may take, in milliseconds, whatever the version of the SDK. */
  readonly lookupLimitMs: number;
  /** Computes signatures; loaded when the first one is needed. */
  readonly digest: () => MaybePromise<Digest>;
}

/** The platform of this process. */
export const PLATFORM: Platform = {
  now: () => Date.now(),
  lookupLimitMs: 60_000,
  digest: lazy(async () => (await import("./digest.ts")).fastestDigest()),
};

/** A clock that is corrected by what the service says the time is. */
export interface AdjustableClock {
  /** Milliseconds since 1970, by this machine. */
  readonly machine: () => number;
  /** How many milliseconds the service is ahead, as far as is known. */
  offset: number;
}

/** Milliseconds since 1970, by the service. */
export function readClock({ machine, offset }: AdjustableClock): number {
  return machine() + offset;
}
