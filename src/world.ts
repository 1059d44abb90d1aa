import type { Digest } from "./digest.ts";
import { onFirstNeed } from "./first_need.ts";
import type { Soon } from "./soon.ts";

/** What this module asks of the world besides variables and files. */
export interface World {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A lookup that takes longer, in milliseconds, is given up, on every version of the SDK. */
  readonly lookupLimitMs: number;
  /** What signatures are computed with; asked for when one is. */
  readonly digest: () => Soon<Digest>;
}

/** The world as it is. */
export const REAL_WORLD: World = {
  now: () => Date.now(),
  lookupLimitMs: 60_000,
  digest: onFirstNeed(async () => (await import("./digest.ts")).runtimeDigest()),
};
