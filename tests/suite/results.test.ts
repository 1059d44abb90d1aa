import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { cases } from "../../conformance/mod.ts";
import { topicOf } from "../../conformance/report/matrix.ts";

test("RESULTS.md counts the cases of every topic", async () => {
  const page = await readFile(new URL("../../conformance/RESULTS.md", import.meta.url), "utf8");
  const rows = page.slice(page.indexOf("| topic |")).matchAll(/^\| ([a-z0-9]+) \| (\d+) \|/gm);
  const topics = Map.groupBy(cases, ({ id }) => topicOf(id));
  assert.deepEqual(
    [...rows].map(([, topic, count]) => [topic, Number(count)]),
    [...topics].map(([topic, { length }]) => [topic, length]),
    "Run `deno task conformance --mode replay,wire --update`",
  );
});
