import type { RuntimeName } from "./runtimes.ts";

/**
 * How many tests must pass on each runtime, as its own runner counts them, without AWS's suite.
 *
 * A file that is not found, or that ends early, is no failure to a runner: it only counts less.
 * Raise these when tests are added.
 */
export const testFloors: Record<RuntimeName, number> = {
  deno: 955,
  node22: 325,
  node24: 945,
  node26: 325,
  bun: 945,
};

/** How many tests AWS's signing suite adds, if `SIGV4_VECTORS` names its folder. */
export const signingSuiteTests = 77;
