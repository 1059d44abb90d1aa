import assert from "node:assert/strict";
import { test } from "node:test";
import { lazy } from "../../src/platform/lazy.ts";

test("a module is loaded once, and a failed load is retried", async () => {
  let loads = 0;
  const needed = lazy(async () => {
    if (++loads === 1) throw new Error("no network");
    return { loads };
  });
  await assert.rejects(Promise.all([needed(), needed()]), /no network/);
  const [found, ...others] = await Promise.all([needed(), needed(), needed()]);
  assert.equal(found?.loads, 2);
  for (const other of [...others, needed()]) assert.equal(other, found, "it is at hand");
});
