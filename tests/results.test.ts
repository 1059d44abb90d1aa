import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { cases } from "../conformance/cases/mod.ts";

test("RESULTS.md tells of every case, in its order, and of no other", async () => {
  const page = await readFile(new URL("../conformance/RESULTS.md", import.meta.url), "utf8");
  const ids = [...page.matchAll(/^\| ([a-z0-9]+\/[a-z0-9-]+)(?: \(own\))? \|/gm)].map(([, id]) =>
    id
  );
  const again = "Run `deno task conformance --mode replay,wire --update`";
  assert.deepEqual(ids, cases.map(({ id }) => id), again);
});
