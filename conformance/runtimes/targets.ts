import { existsSync } from "node:fs";
import { prepareRuntimes } from "../../tools/prepare_runtimes.ts";
import { run } from "../../tools/run.ts";
import { type RuntimeName, runtimeNames } from "../../tools/runtimes.ts";
import type { TestReport } from "../../tools/test_report.ts";
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

/** A runtime that is installed. */
export interface Target {
  readonly name: TargetName;
  readonly version: string;
}

/** Finds the runtimes; a missing one is a failure in CI, and a note elsewhere. */
export async function findTargets(
  names: readonly TargetName[],
  testReport: TestReport,
): Promise<Target[]> {
  const commandLine = runtimeNames.filter((name) => names.includes(name));
  return [...await prepareRuntimes(commandLine, testReport), ...await findHosts(names, testReport)];
}

/** Finds those of the runtimes that are no command line: workerd and Chromium. */
export async function findHosts(
  names: readonly TargetName[],
  testReport: TestReport,
): Promise<Target[]> {
  const found: Target[] = [];
  for (const name of names) {
    if (name === "workerd-old" || name === "workerd-new") {
      const version = existsSync(workerdBinary) ? await versionOf(workerdBinary) : undefined;
      const label = `${version}, ${compatibilityDates[name]}`;
      if (version !== undefined) found.push({ name, version: label });
      else missing(`${name} is missing: there is no ${workerdBinary}`, true, testReport);
    }
    if (name === "chromium") {
      const binary = findProgram("chromium");
      if (binary !== undefined) found.push({ name, version: await versionOf(binary) });
      else missing(`chromium is missing: ${chromiumAdvice}`, !!findProgram("apt-get"), testReport);
    }
  }
  return found;
}

async function versionOf(binary: string): Promise<string> {
  const { output } = await run([binary, "--version"]);
  return output.match(/\d+[-.\d]*\d/)?.[0] ?? "unknown";
}

function missing(line: string, obtainable: boolean, testReport: TestReport): void {
  if (Deno.env.get("CI") !== "true" || !obtainable) testReport.note(line);
  else testReport.record(line, { passed: 0, failed: 1 });
}
