/**
 * Hostile input by the thousand: `deno task fuzz [--runtime deno,node24,bun] [options]`, with the
 * options of `tests/properties/run.ts`: `--runs`, `--minutes`, `--seed`, `--path`, `--only`.
 */
import { parseArgs } from "node:util";
import { readOrExit } from "./arguments.ts";
import { binaryOf, type RuntimeName, runtimeNames, testEnvironment } from "./runtimes.ts";

/** Without the net of the machine, where a runtime can be kept from it. */
const DENO_FLAGS = "--no-prompt --allow-env --allow-read --allow-write --allow-sys --allow-run";
const FLAGS: Partial<Record<RuntimeName, readonly string[]>> = {
  deno: ["run", ...DENO_FLAGS.split(" "), "--allow-net=127.0.0.1,localhost"],
  bun: ["--no-install"],
};

function readArguments(): { names: RuntimeName[]; rest: string[] } {
  const { values, tokens } = parseArgs({
    options: { runtime: { type: "string", default: "deno" } },
    strict: false,
    tokens: true,
  });
  const names = `${values.runtime}`.split(",").map((word) => {
    const name = runtimeNames.find((name) => name === word);
    if (name === undefined) throw new TypeError(`Unknown name "${word}": use ${runtimeNames}`);
    return name;
  });
  const own = tokens.find((token) => token.kind === "option" && token.name === "runtime");
  const first = own?.index ?? Infinity;
  const last = own?.kind === "option" && !own.inlineValue ? first + 1 : first;
  return { names, rest: Deno.args.filter((_, index) => index < first || index > last) };
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
