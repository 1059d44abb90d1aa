import { existsSync } from "node:fs";
import type { Ledger } from "../../tools/ledger.ts";
import { prepareRuntimes } from "../../tools/prepare_runtimes.ts";
import { run } from "../../tools/run.ts";
import { runtimeNames } from "../../tools/runtimes.ts";
import type { RuntimeName } from "../../tools/runtimes.ts";
import { chromiumAdvice, findProgram } from "./chromium.ts";
import { compatibilityDates, workerdBinary } from "./workerd.ts";

/** The name of a runtime of the suite, as `--runtime` takes it. */
export type TargetName = RuntimeName | keyof typeof compatibilityDates | "chromium";

/** Every runtime that the suite runs on, in the order of the reports. */
export const targetNames: readonly TargetName[] = [
  ...runtimeNames,
  "workerd-old",
  "workerd-new",
  "chromium",
];

/** A runtime that is at hand. */
export interface Target {
  readonly name: TargetName;
  readonly version: string;
}

/** Finds the runtimes; one that is missing is a failure in CI, and a line elsewhere. */
export async function findTargets(
  names: readonly TargetName[],
  ledger: Ledger,
): Promise<Target[]> {
  const commandLine = runtimeNames.filter((name) => names.includes(name));
  const found: Target[] = await prepareRuntimes(commandLine, ledger);
  for (const name of names) {
    if (name === "workerd-old" || name === "workerd-new") {
      const version = existsSync(workerdBinary) ? await versionOf(workerdBinary) : undefined;
      const label = `${version}, ${compatibilityDates[name]}`;
      if (version !== undefined) found.push({ name, version: label });
      else missing(`${name} is missing: no binary at hand`, true, ledger);
    }
    if (name === "chromium") {
      const binary = findProgram("chromium");
      if (binary !== undefined) found.push({ name, version: await versionOf(binary) });
      else missing(`chromium is missing: ${chromiumAdvice}`, !!findProgram("apt-get"), ledger);
    }
  }
  return found;
}

async function versionOf(binary: string): Promise<string> {
  const { output } = await run([binary, "--version"]);
  return output.match(/\d+[-.\d]*\d/)?.[0] ?? "unknown";
}

function missing(line: string, obtainable: boolean, ledger: Ledger): void {
  if (Deno.env.get("CI") !== "true" || !obtainable) ledger.note(line);
  else ledger.record(line, { passed: 0, failed: 1 });
}
