import type { RuntimeName } from "./runtimes.ts";

/**
 * How many tests must pass on each runtime, as its own runner counts them.
 *
 * A file that is not found, or that ends early, is no failure to a runner: it only counts less.
 * Raise these when tests are added.
 */
export const testFloors: Record<RuntimeName, number> = {
  deno: 1,
  node22: 1,
  node24: 1,
  node26: 1,
  bun: 1,
};
