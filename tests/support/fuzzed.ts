import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { anySeed, type Property } from "../../fuzz/property.ts";
import { shown } from "../../fuzz/views.ts";

/** A busy machine tries less; what it tries holds as well. */
const LIMIT_MS = 400;

/** Planted faults are looked for from the same seed and as often at every run. */
const { FUZZ_SEED } = process.env;

/** Makes a test of each property: some inputs from any seed, which is printed. */
export function tryShortly(
  idea: string,
  properties: readonly Property[],
  limitMs: number = LIMIT_MS,
): void {
  for (const { name, shortRuns, probe } of properties) {
    test(name, async () => {
      const extent = FUZZ_SEED ? { seed: Number(FUZZ_SEED) } : { seed: anySeed(), limitMs };
      const { runs, broken } = await probe({ runs: shortRuns, ...extent });
      console.log(`${idea}: ${runs} inputs from seed ${extent.seed}`);
      assert.ok(runs > 0, "nothing was tried");
      if (!broken) return;
      assert.fail(
        `Broken by ${broken.input}\n${shown(broken.error)}\nTry it again: ` +
          `deno task fuzz --only "${name}" --seed ${extent.seed} --path ${broken.path}`,
      );
    });
  }
}
