import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { TestReport } from "./test_report.ts";
import { run } from "./run.ts";
import { binaryOf, isWanted, platform, runtimesFolder, testEnvironment } from "./runtimes.ts";
import type { Runtime, RuntimeName } from "./runtimes.ts";

interface LockFile {
  packages: Record<string, { integrity: string }>;
}

/** Installs the runtimes when that is needed, and returns those that are what they should be. */
export async function prepareRuntimes(
  names: readonly RuntimeName[],
  testReport: Pick<TestReport, "record" | "note">,
): Promise<Runtime[]> {
  // Also for Deno alone, as Node judges what crosses the proxy
  if (!(await isInstalled())) {
    const { ok, ...rest } = await run(["npm", "ci", "--ignore-scripts"], { cwd: runtimesFolder });
    testReport.record(`npm ci in ${runtimesFolder}`, { passed: 0, failed: ok ? 0 : 1, ...rest });
  }
  const found = await Promise.all(names.map((name) => findRuntime(name, testReport)));
  return found.filter((runtime) => runtime !== undefined);
}

/** Compares the lock file with the one that npm leaves beside what it has installed. */
async function isInstalled(): Promise<boolean> {
  const wanted = await readLock(`${runtimesFolder}/package-lock.json`);
  const present = await readLock(`${runtimesFolder}/node_modules/.package-lock.json`);
  const sameNames = Object.keys(wanted).join() === Object.keys(present).join();
  return sameNames &&
    Object.keys(wanted).every((path) =>
      wanted[path] === present[path] && existsSync(`${runtimesFolder}/${path}/bin`)
    );
}

/** Reads the integrity of each of this machine's packages. */
async function readLock(file: string): Promise<Record<string, string>> {
  if (!existsSync(file)) return {};
  const { packages }: LockFile = JSON.parse(await readFile(file, "utf8"));
  const ours = Object.entries(packages).filter(([path]) => path.endsWith(platform));
  return Object.fromEntries(ours.map(([path, { integrity }]) => [path, integrity]));
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
