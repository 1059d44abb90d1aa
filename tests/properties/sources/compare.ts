import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Lookup, lookUpBoth, type SetUp } from "../../support/side_by_side.ts";
import { assertOurs } from "../outcome.ts";
import { extentOf, isChosen, patient, property, search } from "../property.ts";

/** The most set-ups to try where AWS's package waits for seconds. */
const SLOW_RUNS = 20;

/** Tests that this module finds the credentials that AWS's package finds, by the same requests. */
export function sameAsAws(source: string, shortRuns: number, setUps: fc.Arbitrary<SetUp>): void {
  const name = `${source}: the credentials and the requests of AWS's package`;
  property(name, shortRuns, setUps, async (setUp) => {
    const { ours, theirs } = await lookUpBoth(setUp);
    assertSame(ours, theirs, theirs.sent);
  }, 2_000);
}

/** Tests the same where AWS's package waits for seconds, only at length and with fewer set-ups. */
export function slowlySameAsAws(
  source: string,
  setUps: fc.Arbitrary<SetUp>,
  expected: (theirs: Lookup) => Lookup["sent"] = ({ sent }) => sent,
): void {
  const name = `${source}, slowly: the credentials and the requests of AWS's package`;
  const { numRuns, ...extent } = extentOf(0, 0);
  if (numRuns === 0 || !isChosen(name)) return;
  const fewer = { ...extent, numRuns: Math.min(numRuns, SLOW_RUNS) };
  test(name, patient, () =>
    search(name, fewer, setUps, async (setUp) => {
      const { ours, theirs } = await lookUpBoth(setUp);
      assertSame(ours, theirs, expected(theirs));
      // Those that are random cannot be compared
      const waited = ours.waits.filter(Number.isInteger).reduce((sum, ms) => sum + ms, 0);
      // A timer may fire a little early
      assert.ok(theirs.ms > waited * 0.99, `AWS's package took ${theirs.ms} ms, we wait ${waited}`);
    }));
}

function assertSame(ours: Lookup, theirs: Lookup, expected: Lookup["sent"]): void {
  const why = `theirs: ${theirs.thrown}\nours: ${ours.thrown}`;
  const found = [ours, theirs].map(({ found }) => JSON.stringify(found));
  assert.equal(found[0], found[1], why);
  assert.deepEqual(ours.sent, expected, why);
  if ("thrown" in ours) assertOurs(ours.thrown);
}

/** One of several values; `undefined` leaves a variable or a setting out. */
export const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Mostly the first value. */
export const mostly = <T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(first) }, fc.constantFrom(...others));

/** Settings that are there as a section of an AWS file. */
export function sectionOf(name: string, settings: Readonly<Record<string, string | undefined>>) {
  const lines = Object.entries(settings).filter(([, value]) => value !== undefined);
  return [`[${name}]`, ...lines.map(([key, value]) => `${key} = ${value}`), ""].join("\n");
}
