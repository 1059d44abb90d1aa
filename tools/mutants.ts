import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "./run.ts";
import { readCounts, type Runtime, testCommand, testEnvironment } from "./runtimes.ts";
import type { TestReport } from "./test_report.ts";

/** A planted fault, and the test file that must fail because of it. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly test: string;
}

interface Trial {
  /** The reason why the mutant was not caught. */
  readonly problem?: string;
  readonly output?: string;
  readonly seconds?: number;
}

const COPIED = [
  "mod.ts",
  "aws.ts",
  "openai.ts",
  "sts.ts",
  "cli.ts",
  "cli",
  "src",
  "loopback",
  "proxy",
  "tests",
  "conformance",
  "examples",
  "deno.json",
  "package.json",
];

/** Runs the test of each mutant in a copy of the project, and expects it to fail. */
export async function runMutants(
  mutants: readonly [place: number, Mutant][],
  runtimes: readonly Runtime[],
  testReport: TestReport,
): Promise<void> {
  if (mutants.length === 0 || runtimes.length === 0) return testReport.note("no mutants");
  const folder = await mkdtemp(join(tmpdir(), "mutants-"));
  try {
    // Each has a fixed runtime, so that a failure can be repeated
    const trials = mutants.map(([place, mutant]) => ({
      mutant,
      trying: tryMutant(join(folder, `${place}`), mutant, runtimes[place % runtimes.length]!),
    }));
    for (const { mutant, trying } of trials) {
      const { problem, output, seconds } = await trying;
      const failed = problem === undefined ? 0 : 1;
      const title = `mutant "${mutant.name}": ${problem ?? "caught"}`;
      testReport.record(title, { passed: 1 - failed, failed, output, seconds });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Checks that each mutant can be planted, without running it. */
export async function checkMutants(
  mutants: readonly Mutant[],
  testReport: TestReport,
): Promise<void> {
  const problems = await Promise.all(mutants.map(async (mutant) => {
    const problem = await findStale(mutant);
    return problem && `mutant "${mutant.name}": ${problem}`;
  }));
  const output = problems.filter((problem) => problem !== undefined).join("\n");
  const failed = output === "" ? 0 : 1;
  testReport.record("every mutant can be planted", { passed: 1 - failed, failed, output });
}

async function findStale({ file, find }: Mutant): Promise<string | undefined> {
  const count = (await readFile(file, "utf8").catch(() => "")).split(find).length - 1;
  return count === 1 ? undefined : `stale: its text occurs ${count} times in ${file}`;
}

async function tryMutant(folder: string, mutant: Mutant, { name }: Runtime): Promise<Trial> {
  const { file, find, replace, test } = mutant;
  const stale = await findStale(mutant);
  if (stale !== undefined) return { problem: stale };
  for (const path of COPIED) await cp(path, join(folder, path), { recursive: true });
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
  const source = await readFile(file, "utf8");
  await writeFile(join(folder, file), source.replace(find, () => replace));
  const env = { ...testEnvironment(), FUZZ_SEED: "1" };
  const { ok, output, seconds } = await run(testCommand(name, [test]), {
    cwd: folder,
    env,
    limitSeconds: 120,
  });
  if (ok) return { seconds, problem: `not caught by ${test} on ${name}` };
  // Some runners count a file that cannot be loaded as a failed test
  const failed = readCounts(name, output)?.failed ?? 0;
  if (failed > 0 && output.includes("AssertionError")) return { seconds };
  return { seconds, output, problem: `${test} on ${name} failed without an assertion` };
}
