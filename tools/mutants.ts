import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestReport } from "./test_report.ts";
import { run } from "./run.ts";
import { readCounts, testCommand, testEnvironment } from "./runtimes.ts";
import type { Runtime } from "./runtimes.ts";

/** One planted fault, and the test files that must fail because of it. */
export interface Mutant {
  name: string;
  file: string;
  /** Text that occurs exactly once in the file. */
  find: string;
  replace: string;
  /** Test files, each of which must fail. */
  tests: string[];
}

interface Trial {
  problem?: string;
  output?: string;
  seconds?: number;
}

const copied = [
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

/**
 * Runs the tests of each mutant in a copy of the project, and expects them to fail; and before that
 * in an unchanged copy, unless all tests run anyway.
 */
export async function runMutants(
  mutants: [place: number, Mutant][],
  runtimes: Runtime[],
  testReport: TestReport,
  { testsRun }: { testsRun: boolean },
): Promise<void> {
  if (mutants.length === 0 || runtimes.length === 0) return testReport.note("no mutants");
  const folder = await mkdtemp(join(tmpdir(), "mutants-"));
  try {
    const unchanged = testsRun ? undefined : runUnchanged(
      join(folder, "unchanged"),
      mutants.map(([, mutant]) => mutant),
      runtimes,
      testReport,
    );
    // One runtime each, by its place among all, so that it is the same every day
    const trials = mutants.map(([place, mutant]) => ({
      mutant,
      trying: tryMutant(join(folder, `${place}`), mutant, [runtimes[place % runtimes.length]!]),
    }));
    for (const { mutant, trying } of trials) {
      const { problem, output, seconds } = await trying;
      const failed = problem === undefined ? 0 : 1;
      const title = `mutant "${mutant.name}": ${problem ?? "caught"}`;
      testReport.record(title, { passed: 1 - failed, failed, output, seconds });
    }
    await unchanged;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyProject(folder: string): Promise<void> {
  for (const name of copied) await cp(name, join(folder, name), { recursive: true });
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
}

/** A mutant proves nothing unless the same tests pass without it: on one runtime here. */
async function runUnchanged(
  folder: string,
  mutants: Mutant[],
  runtimes: Runtime[],
  testReport: TestReport,
): Promise<void> {
  await copyProject(folder);
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  // All of them one after another, where the others run a file each
  const runs = runtimes.slice(0, 1).map((runtime) => runCopy(folder, runtime, tests, 600));
  for (const { name, ok, counts, output, seconds } of await Promise.all(runs)) {
    const failed = ok && counts && counts.passed > 0 ? 0 : 1;
    testReport.record(`mutants' tests, unchanged, on ${name}`, {
      passed: 0,
      failed,
      output,
      seconds,
    });
  }
}

/** Checks that each mutant can be planted, also where it is not tried today. */
export async function checkMutants(
  mutants: readonly Mutant[],
  testReport: TestReport,
): Promise<void> {
  const problems = await Promise.all(mutants.map(async (mutant) => {
    const problem = await staleness(mutant);
    return problem && `mutant "${mutant.name}": ${problem}`;
  }));
  const output = problems.filter((problem) => problem !== undefined).join("\n");
  const failed = output === "" ? 0 : 1;
  testReport.record("every mutant can be planted", { passed: 1 - failed, failed, output });
}

async function staleness({ file, find }: Mutant): Promise<string | undefined> {
  const times = (await readFile(file, "utf8").catch(() => "")).split(find).length - 1;
  return times === 1 ? undefined : `stale, its text is ${times} times in ${file}`;
}

async function tryMutant(folder: string, mutant: Mutant, runtimes: Runtime[]): Promise<Trial> {
  const { file, find, replace, tests } = mutant;
  const stale = await staleness(mutant);
  if (stale !== undefined) return { problem: stale };
  const pairs = runtimes.flatMap((runtime) => tests.map((test) => ({ runtime, test })));
  if (pairs.length === 0) return { problem: "has no tests to run" };

  await copyProject(folder);
  const source = await readFile(file, "utf8");
  await writeFile(join(folder, file), source.replace(find, () => replace));
  const runs = await Promise.all(pairs.map(async ({ runtime, test }) => {
    const { ok, counts, output, seconds } = await runCopy(folder, runtime, [test]);
    const where = `${test} on ${runtime.name}`;
    if (ok) return { seconds, escape: `${where}: passes all the same` };
    // A file that can't be loaded is one failed test to some runners, but it checked nothing
    const caught = counts !== undefined && counts.failed > 0 && output.includes("AssertionError");
    return { seconds, escape: caught ? "" : `${where}: fails without an assertion\n${output}` };
  }));
  const escapes = runs.map((run) => run.escape).filter((escape) => escape !== "");
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  if (escapes.length === 0) return { seconds };
  const problem = `escapes ${escapes.length} of ${runs.length} runs`;
  return { problem, output: escapes.join("\n"), seconds };
}

async function runCopy(
  folder: string,
  { name }: Runtime,
  tests: string[],
  limitSeconds = 120,
) {
  const command = testCommand(name, tests);
  const env = { ...testEnvironment(), FUZZ_SEED: "1" };
  const finished = await run(command, { cwd: folder, env, limitSeconds });
  return { ...finished, name, counts: readCounts(name, finished.output) };
}
