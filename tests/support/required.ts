import assert from "node:assert/strict";
import process from "node:process";
import type { TestContext } from "node:test";

/** Skips where something is missing that a test needs, which in CI it must not be. */
export function isMissing(t: TestContext, ...reasons: (string | undefined)[]): boolean {
  const reason = reasons.find((reason) => reason !== undefined);
  if (reason === undefined) return false;
  assert.notEqual(process.env.CI, "true", reason);
  t.skip(reason);
  return true;
}
