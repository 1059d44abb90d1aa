/**
 * Tries many inputs: `[--runs 2000] [--minutes 5] [--seed 7] [--path 0:1] [--only urls,keys]`, where
 * `--only` takes names of files or of a claim.
 *
 * Runs the tests in this folder on the runtime that runs it; `deno task fuzz` starts it on each.
 */
import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { type RuntimeName, testCommand } from "../../tools/runtimes.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    path: { type: "string" },
    only: { type: "string" },
  },
});
const { runs, minutes, path, only } = values;
const [any = 0] = crypto.getRandomValues(new Int32Array(1));
const seed = values.seed ?? `${any}`;

const files = (await readdir("tests/properties")).filter((file) => file.endsWith(".test.ts"));
const named = files.filter((file) => only?.split(",").includes(file.replace(".test.ts", "")));
const texts = await Promise.all(files.map((file) => readFile(`tests/properties/${file}`, "utf8")));
const claiming = files.filter((_, place) => only && texts[place]!.includes(JSON.stringify(only)));
const chosen = only === undefined ? files : [...named, ...claiming];
const numbers = [runs ?? 1, minutes ?? 1, seed].map(Number);
if (chosen.length === 0 || !numbers.every(Number.isFinite)) {
  const names = files.map((file) => file.replace(".test.ts", "")).join(", ");
  console.error(`Nothing to try. --only takes ${names}, or the name of a claim`);
  process.exit(2);
}

const ms = minutes && Math.min(Number(minutes) * 60_000 / chosen.length, 2 ** 31 - 1);
const env = {
  ...process.env,
  FUZZ_SEED: seed,
  FUZZ_RUNS: runs ?? (ms ? "1000000000" : "2000"),
  ...(ms && { FUZZ_MS: `${ms}` }),
  ...(path && { FUZZ_PATH: path }),
  ...(claiming.length > 0 && named.length === 0 && { FUZZ_ONLY: only }),
};
const name: RuntimeName = "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node24";
const [, ...args] = testCommand(name, chosen.map((file) => `tests/properties/${file}`));
console.log(`seed ${seed}`);
spawn(process.execPath, args, { env, stdio: "inherit" }).once("exit", (code) => {
  process.exit(code ?? 1);
});
