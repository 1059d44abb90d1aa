import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { anySeed, type Property } from "../../fuzz/property.ts";
import { shown } from "../../fuzz/views.ts";

/** A busy machine tries less; what it tries holds as well. */
const LIMIT_MS = 400;

/** Bun's own limit is shorter. */
const PATIENT = { timeout: 60_000 };

/** Planted faults are looked for from the same seed at every run. */
const { FUZZ_SEED } = process.env;

/** Makes a test of each property: some inputs from any seed, which is printed. */
export function tryShortly(idea: string, properties: readonly Property[]): void {
  for (const { name, shortRuns, probe } of properties) {
    test(name, PATIENT, async () => {
      const seed = FUZZ_SEED ? Number(FUZZ_SEED) : anySeed();
      const { runs, broken } = await probe({ runs: shortRuns, limitMs: LIMIT_MS, seed });
      console.log(`${idea}: ${runs} inputs from seed ${seed}`);
      assert.ok(runs > 0, "nothing was tried");
      if (!broken) return;
      assert.fail(
        `Broken by ${broken.input}\n${shown(broken.error)}\nTry it again: ` +
          `deno task fuzz --only "${name}" --seed ${seed} --path ${broken.path}`,
      );
    });
  }
}
