import { readdir } from "node:fs/promises";
import type { TestReport } from "./test_report.ts";
import { run } from "./run.ts";
import { readCounts, testCommand, testEnvironment, withoutPasses } from "./runtimes.ts";
import type { Counts, Runtime, RuntimeName } from "./runtimes.ts";
import { signingSuiteTests, testFloors } from "./test_floors.ts";

/** Runs test files, or else all of `tests/`, on each runtime. */
export async function runTests(
  runtimes: Runtime[],
  chosen: string[],
  testReport: TestReport,
): Promise<void> {
  const files = chosen.length > 0 ? chosen : await allTestFiles();
  const filesOf = (name: RuntimeName) => chosen.length > 0 ? files : files.filter(isFor(name));
  if (files.length === 0) return testReport.record("No test files", { passed: 0, failed: 1 });
  const suite = Deno.env.get("SIGV4_VECTORS") ? signingSuiteTests : 0;
  if (!suite) testReport.note("SIGV4_VECTORS is not set: not compared with AWS's signing suite");
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
    testReport.record(problem ? `${title}, but ${problem}` : title, {
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
