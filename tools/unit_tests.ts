import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Ledger } from "./ledger.ts";
import { run } from "./run.ts";
import { readCounts, testCommand, testEnvironment, withoutPasses } from "./runtimes.ts";
import type { Counts, Runtime, RuntimeName } from "./runtimes.ts";
import { signingSuite, testFloors } from "./test_floors.ts";

/** Runs test files, or else all of `tests/`, on each runtime. */
export async function runTests(
  runtimes: Runtime[],
  chosen: string[],
  ledger: Ledger,
): Promise<void> {
  const files = chosen.length > 0 ? chosen : await allTestFiles();
  const filesOf = (name: RuntimeName) => chosen.length > 0 ? files : files.filter(isFor(name));
  if (files.length === 0) return ledger.record("No test files", { passed: 0, failed: 1 });
  const suite = existsSync(signingSuite.folder) ? signingSuite.tests : 0;
  if (!suite) ledger.note(`AWS's signing suite is not at ${signingSuite.folder}: not compared`);
  const runs = runtimes.map(({ name, version }) => ({
    name,
    version,
    running: run(testCommand(name, filesOf(name)), { env: testEnvironment(), limitSeconds: 600 }),
  }));
  for (const { name, version, running } of runs) {
    const { ok, output, seconds } = await running;
    const counts = readCounts(name, output);
    const problem = findProblem(ok, counts, chosen.length > 0 ? 1 : testFloors[name] + suite);
    const { passed, failed } = counts ?? { passed: 0, failed: 0 };
    const title = `tests on ${name} ${version}: ${passed} passed, ${failed} failed`;
    ledger.record(problem ? `${title}, but ${problem}` : title, {
      passed,
      failed: problem ? Math.max(failed, 1) : failed,
      // Where none has failed, the last that passed says where it ended
      output: failed ? withoutPasses(name, output) : output,
      seconds,
    });
  }
}

/**
 * Tests of whole programs (commands, examples, AWS's packages over files and processes), of texts,
 * and with hostile input. One version of Node stands for all in these, as they take most of the
 * time; the matrix holds every version to the cases.
 */
const ONE_NODE = new RegExp(
  "/(?:adopting|architecture|cli_|conformance\\.|doctor|entries|examples|fuzz_|key\\.|live|network|" +
    "openai_4|permissions_|proxy|published|regular_|results|shown_|source_|start)",
);

function isFor(name: RuntimeName): (file: string) => boolean {
  return (file) => !ONE_NODE.test(file) || (name !== "node22" && name !== "node26");
}

async function allTestFiles(): Promise<string[]> {
  const names = await readdir("tests");
  return names.filter((name) => name.endsWith(".test.ts")).sort().map((name) => `tests/${name}`);
}

function findProblem(ok: boolean, counts: Counts | undefined, floor: number): string | undefined {
  if (!counts) return "the runner printed no summary";
  if (counts.passed < floor) return `at least ${floor} must pass`;
  if (!ok && counts.failed === 0) return "the runner ended with an error";
  return undefined;
}
