import { readdir } from "node:fs/promises";
import type { TestReport } from "./test_report.ts";
import { run } from "./run.ts";
import { readCounts, testCommand, testEnvironment, withoutPasses } from "./runtimes.ts";
import type { Counts, Runtime, RuntimeName } from "./runtimes.ts";

/**
 * The least number of tests that must pass on each runtime, without AWS's suite, because runners do
 * not fail if a file is missing or ends early. Raise these when tests are added.
 */
const FLOORS: Record<RuntimeName, number> = {
  deno: 1040,
  node22: 380,
  node24: 1028,
  node26: 380,
  bun: 1028,
};

/** The tests that AWS's signing suite adds, if `SIGV4_VECTORS` names its folder. */
const SIGNING_SUITE_TESTS = 77;

/** Runs the chosen test files, or all of `tests/`, on each runtime. */
export async function runTests(
  runtimes: Runtime[],
  chosen: string[],
  testReport: TestReport,
): Promise<void> {
  const files = chosen.length > 0 ? chosen : await allTestFiles();
  const filesOf = (name: RuntimeName) => chosen.length > 0 ? files : files.filter(isFor(name));
  if (files.length === 0) return testReport.record("No test files", { passed: 0, failed: 1 });
  const suite = Deno.env.get("SIGV4_VECTORS") ? SIGNING_SUITE_TESTS : 0;
  if (!suite) testReport.note("SIGV4_VECTORS is not set; AWS's signing suite is skipped");
  const runs = runtimes.map(({ name, version }) => ({
    name,
    version,
    running: run(testCommand(name, filesOf(name)), { env: testEnvironment(), limitSeconds: 600 }),
  }));
  for (const { name, version, running } of runs) {
    const { ok, output, seconds } = await running;
    const counts = readCounts(name, output);
    const problem = findProblem(ok, counts, chosen.length > 0 ? 1 : FLOORS[name] + suite);
    const { passed, failed } = counts ?? { passed: 0, failed: 0 };
    const title = `tests on ${name} ${version}: ${passed} passed, ${failed} failed`;
    testReport.record(problem ? `${title}, but ${problem}` : title, {
      passed,
      failed: problem ? Math.max(failed, 1) : failed,
      // If no test failed, the last that passed shows where the run ended
      output: failed ? withoutPasses(name, output) : output,
      seconds,
    });
  }
}

/**
 * The slow tests: of whole programs, of texts, and with random input. They run on one version of
 * Node only; the conformance matrix covers the others.
 */
const ONE_NODE = new RegExp(
  "^tests/(?:aws/|properties/|suite/|sts/(?:moto|parity|runtimes)|openai/openai_4|" +
    "promises/(?:architecture|entries|network|permissions_|published|regular_))",
);

function isFor(name: RuntimeName): (file: string) => boolean {
  return (file) => !ONE_NODE.test(file) || (name !== "node22" && name !== "node26");
}

async function allTestFiles(): Promise<string[]> {
  const names = await readdir("tests", { recursive: true });
  return names.filter((name) => name.endsWith(".test.ts")).sort().map((name) => `tests/${name}`);
}

function findProblem(ok: boolean, counts: Counts | undefined, floor: number): string | undefined {
  if (!counts) return "the runner printed no summary";
  if (counts.passed < floor) return `at least ${floor} must pass`;
  if (!ok && counts.failed === 0) return "the runner ended with an error";
  return undefined;
}
