import type { RuntimeName } from "./runtimes.ts";

/**
 * How many tests must pass on each runtime, as its own runner counts them, without AWS's suite.
 *
 * A file that is not found, or that ends early, is no failure to a runner: it only counts less.
 * Raise these when tests are added.
 */
export const testFloors: Record<RuntimeName, number> = {
  deno: 1109,
  node22: 772,
  node24: 1099,
  node26: 772,
  bun: 1099,
};

/** AWS's signing suite, which is no part of the project, and the tests that it adds. */
export const signingSuite = { folder: "../shared/vectors/aws-sig-v4", tests: 77 };
