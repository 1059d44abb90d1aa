import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { anySeed, type Property } from "../properties/property.ts";
import { shown } from "../properties/views.ts";

/** Planted faults are looked for from the same seed and as often at every run. */
const { FUZZ_SEED } = process.env;

/** Makes a test of each property: some inputs from any seed, which is printed. */
export function tryShortly(idea: string, properties: readonly Property[]): void {
  for (const { name, shortRuns, shortMs, probe } of properties) {
    test(name, async () => {
      const extent = FUZZ_SEED
        ? { seed: Number(FUZZ_SEED) }
        : { seed: anySeed(), limitMs: shortMs };
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
