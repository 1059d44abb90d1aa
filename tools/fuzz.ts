/**
 * Runs the property tests with many inputs: `deno task fuzz [--runtime deno,node24,bun]`, with the
 * options of `tests/properties/run.ts`: `--runs`, `--minutes`, `--seed`, `--path`, `--only`.
 */
import { parseArgs } from "node:util";
import { readOrExit } from "./arguments.ts";
import { binaryOf, type RuntimeName, runtimeNames, testEnvironment } from "./runtimes.ts";

/** The flags that keep a runtime off the network, if it has any. */
const DENO_FLAGS = "--no-prompt --allow-env --allow-read --allow-write --allow-sys --allow-run";
const FLAGS: Partial<Record<RuntimeName, readonly string[]>> = {
  deno: ["run", ...DENO_FLAGS.split(" "), "--allow-net=127.0.0.1,localhost"],
  bun: ["--no-install"],
};

function readArguments(): { names: RuntimeName[]; rest: string[] } {
  const text = { type: "string" } as const;
  const { values: { runtime = "deno", ...others } } = parseArgs({
    options: { runtime: text, runs: text, minutes: text, seed: text, path: text, only: text },
  });
  const names = runtime.split(",").map((word) => {
    const name = runtimeNames.find((name) => name === word);
    if (name === undefined) throw new TypeError(`Unknown runtime "${word}". Use ${runtimeNames}`);
    return name;
  });
  return { names, rest: Object.entries(others).map(([name, value]) => `--${name}=${value}`) };
}

Deno.chdir(`${import.meta.dirname}/..`);
const { names, rest } = readOrExit(readArguments);
let ok = true;
for (const name of names) {
  console.log(`-- ${name}`);
  const { success } = await new Deno.Command(binaryOf(name), {
    args: [...FLAGS[name] ?? [], "tests/properties/run.ts", ...rest],
    clearEnv: true,
    env: testEnvironment(),
  }).spawn().status;
  ok &&= success;
}
Deno.exit(ok ? 0 : 1);
