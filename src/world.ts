import type { Digest } from "./digest.ts";
import { onFirstNeed } from "./first_need.ts";

/** What this module asks of the world besides variables and files. */
export interface World {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A lookup that takes longer, in milliseconds, is given up, on every version of the SDK. */
  readonly lookupLimitMs: number;
  /** What signatures are computed with; asked for when one is. */
  readonly digest: () => Digest;
}

let ofRuntime: Digest | undefined;

const load = onFirstNeed(async () => ofRuntime = (await import("./digest.ts")).runtimeDigest());

/** Stands for the runtime's own until that is loaded: with a token it never is. */
const atFirst: Digest = {
  sha256: async (data) => await (await load()).sha256(data),
  hmac: async (key) => await (await load()).hmac(key),
};

/** The world as it is. */
export const REAL_WORLD: World = {
  now: () => Date.now(),
  lookupLimitMs: 60_000,
  digest: () => ofRuntime ?? atFirst,
};
