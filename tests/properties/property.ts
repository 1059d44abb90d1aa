import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import fc from "fast-check";
import { shown } from "./views.ts";

/** The extent of a search, and where it begins. */
export interface Extent {
  readonly numRuns: number;
  /** Milliseconds after which no further input is tried, as on a busy machine. */
  readonly interruptAfterTimeLimit?: number | undefined;
  readonly seed?: number | undefined;
  /** Leads straight to an input that a failure has named. */
  readonly path?: string | undefined;
}

const { FUZZ_SEED, FUZZ_RUNS, FUZZ_MS, FUZZ_PATH, FUZZ_ONLY } = process.env;

/** Options of a test that may search for long. */
export const patient = FUZZ_SEED ? { timeout: 2 ** 31 - 1 } : {};

/** Returns the extent of a test, unless the fuzz command or a planted fault sets another. */
export function extentOf(numRuns: number, limitMs: number): Extent {
  if (!FUZZ_SEED) return { numRuns, interruptAfterTimeLimit: limitMs };
  return {
    numRuns: Number(FUZZ_RUNS ?? numRuns),
    ...(FUZZ_MS && { interruptAfterTimeLimit: Number(FUZZ_MS) }),
    seed: Number(FUZZ_SEED),
    ...(FUZZ_PATH && { path: FUZZ_PATH, endOnFailure: true }),
  };
}

/** Tells whether the fuzz command runs a claim. */
export function isChosen(name: string): boolean {
  return !FUZZ_ONLY || FUZZ_ONLY === name;
}

/** Tests a claim with random input. */
export function property<Input>(
  name: string,
  numRuns: number,
  input: fc.Arbitrary<Input>,
  holds: (input: Input) => void | Promise<void>,
  limitMs = 400,
): void {
  if (!isChosen(name)) return;
  test(name, patient, () => search(name, extentOf(numRuns, limitMs), input, holds));
}

/** Tries inputs until one breaks the claim; the failure shows the smallest and how to repeat it. */
export async function search<Input>(
  name: string,
  extent: Extent,
  input: fc.Arbitrary<Input>,
  holds: (input: Input) => void | Promise<void>,
): Promise<void> {
  let last: Promise<void> | undefined;
  const claim = fc.asyncProperty(input, (value) => last = (async () => await holds(value))());
  const found = await fc.check(claim, extent);
  const { counterexample, counterexamplePath: path, seed } = found;
  if (counterexample) {
    assert.fail(
      `Broken by ${fc.stringify(counterexample[0])}\n${shown(found.errorInstance)}\n` +
        `Try it again: deno task fuzz --only "${name}" --seed ${seed} --path ${path}`,
    );
  }
  // The input that was at work when the time was up counts as well
  await last;
  assert.ok(last, "nothing was tried");
}
