import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { cases } from "../../conformance/mod.ts";
import { runFresh } from "../support/fresh_process.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/conformance.ts", import.meta.url));
const README = new URL("../../conformance/README.md", import.meta.url);

test("the suite's README contains the example that is tested here", async () => {
  const readme = await readFile(README, "utf8");
  const [, block] = /\n```ts\n([^]*?)```\n/.exec(readme) ?? [];
  assert.equal(block, await readFile(EXAMPLE, "utf8"));
});

test(
  "the suite, as the package exports it, runs against any client",
  async () => {
    const { stdout } = await runFresh(EXAMPLE);
    const lines = stdout.trimEnd().split("\n");
    assert.ok(
      lines.includes("replay: containment/redirect-302: CheckFailure: Sent with redirect: follow"),
    );
    assert.equal(lines.at(-1), "0 cases miss the fault that they are for");
    const counts = lines.flatMap((line) => {
      const [, ...found] = /^\w+: (\d+) hold, (\d+) do not, (\d+) are not offered$/.exec(line) ??
        [];
      return found.length > 0 ? [found.map(Number)] : [];
    });
    assert.equal(counts.length, 2, stdout);
    assert.deepEqual(counts[0], counts[1]);
    const [holds = 0, fails = 0, others = 0] = counts[0] ?? [];
    assert.equal(holds + fails + others, cases.length);
  },
);
