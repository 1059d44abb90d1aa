import { existsSync } from "node:fs";
import type { TestReport } from "./test_report.ts";
import { isInstalled } from "./packaging.ts";
import { run } from "./run.ts";
import { binaryOf, isWanted, platform, runtimesFolder, testEnvironment } from "./runtimes.ts";
import type { Runtime, RuntimeName } from "./runtimes.ts";

/** Installs the runtimes if needed, and returns those that have the right version. */
export async function prepareRuntimes(
  names: readonly RuntimeName[],
  testReport: Pick<TestReport, "record" | "note">,
): Promise<Runtime[]> {
  // Even for Deno alone: some tests of the proxy use Node
  if (!(await isInstalled(runtimesFolder))) {
    const { ok, ...rest } = await run(["npm", "ci", "--ignore-scripts"], { cwd: runtimesFolder });
    testReport.record(`npm ci in ${runtimesFolder}`, { passed: 0, failed: ok ? 0 : 1, ...rest });
  }
  const found = await Promise.all(names.map((name) => findRuntime(name, testReport)));
  return found.filter((runtime) => runtime !== undefined);
}

async function findRuntime(
  name: RuntimeName,
  testReport: Pick<TestReport, "record" | "note">,
): Promise<Runtime | undefined> {
  const binary = binaryOf(name);
  if (!existsSync(binary)) {
    const line = `${name} is missing: no binary for ${platform}`;
    if (Deno.env.get("CI") === "true") testReport.record(line, { passed: 0, failed: 1 });
    else testReport.note(line);
    return undefined;
  }
  const { output } = await run([binary, "--version"], { env: testEnvironment() });
  const version = output.match(/\d+\.\d+\.\d+/)?.[0] ?? "unknown";
  if (isWanted(name, version)) return { name, version };
  testReport.record(`${name} has version ${version}`, { passed: 0, failed: 1, output });
  return undefined;
}
