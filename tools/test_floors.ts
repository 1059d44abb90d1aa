import type { RuntimeName } from "./runtimes.ts";

/**
 * How many tests must pass on each runtime, as its own runner counts them, without AWS's suite.
 *
 * A file that is not found, or that ends early, is no failure to a runner: it only counts less.
 * Raise these when tests are added.
 */
export const testFloors: Record<RuntimeName, number> = {
  deno: 1210,
  node22: 530,
  node24: 1200,
  node26: 530,
  bun: 1200,
};

/** How many tests AWS's signing suite adds, if `SIGV4_VECTORS` names its folder. */
export const signingSuiteTests = 77;
