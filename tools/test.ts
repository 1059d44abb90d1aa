/**
 * The test command: `deno task test [--runtime deno,node24] [--only
 * checks,tests,package,conformance,mutants] [file...]`.
 *
 * With files, only the tests in those files run.
 */
import { parseArgs } from "node:util";
import { readOrExit } from "./arguments.ts";
import { runChecks } from "./checks.ts";
import { prepareConformance } from "./conformance.ts";
import { TestReport } from "./test_report.ts";
import { mutants } from "./mutant_list.ts";
import { type Mutant, runMutants } from "./mutants.ts";
import { runPackage } from "./package.ts";
import { prepareRuntimes } from "./prepare_runtimes.ts";
import { runtimeNames } from "./runtimes.ts";
import { runTests } from "./unit_tests.ts";

const partNames = ["checks", "tests", "package", "conformance", "mutants"] as const;

function pick<Name extends string>(known: readonly Name[], wanted: string): readonly Name[] {
  return wanted.split(",").map((word) => {
    const name = known.find((name) => name === word);
    if (name === undefined) throw new TypeError(`Unknown name "${word}". Use ${known.join(", ")}`);
    return name;
  });
}

function readArguments() {
  const { values, positionals: files } = parseArgs({
    allowPositionals: true,
    options: { runtime: { type: "string" }, only: { type: "string" } },
  });
  const only = values.only ?? (files.length > 0 ? "tests" : partNames.join());
  if (files.length > 0 && only !== "tests") {
    throw new TypeError("Files select tests. Omit --only, or the files");
  }
  return {
    parts: pick(partNames, only),
    names: pick(runtimeNames, values.runtime ?? runtimeNames.join()),
    all: values.runtime === undefined,
    files,
  };
}

type Arguments = ReturnType<typeof readArguments>;

/**
 * Selects all mutants with `--only mutants`, otherwise a third that changes daily: all take
 * minutes.
 */
function selectMutants(
  parts: Arguments["parts"],
  testReport: TestReport,
): [place: number, Mutant][] {
  const all = [...mutants.entries()];
  if (parts.length === 1) return all;
  const day = Math.floor(Date.now() / 86_400_000);
  testReport.note("running today's third of the mutants; --only mutants runs all");
  return all.filter(([place]) => place % 3 === day % 3);
}

async function main({ parts, names, all, files }: Arguments): Promise<boolean> {
  const testReport = new TestReport();
  const needsRuntimes = parts.some((part) => part !== "checks");
  const runtimes = needsRuntimes ? await prepareRuntimes(names, testReport) : [];
  const runConformance = parts.includes("conformance")
    ? await prepareConformance(runtimes, all, testReport)
    : undefined;
  const chosen = parts.includes("mutants") ? selectMutants(parts, testReport) : [];
  // The longest first; all share the slots of `run()`, which keeps every core busy
  await Promise.all([
    parts.includes("tests") && runTests(runtimes, files, testReport),
    runConformance?.(),
    parts.includes("package") && runPackage(runtimes, testReport),
    chosen.length > 0 && runMutants(chosen, runtimes, testReport),
    // A mutant proves nothing unless its test passes without it
    chosen.length > 0 && !parts.includes("tests") &&
    runTests(runtimes.slice(0, 1), [...new Set(chosen.map(([, { test }]) => test))], testReport),
    parts.includes("checks") && runChecks(testReport),
  ]);
  return testReport.close();
}

Deno.chdir(`${import.meta.dirname}/..`);
Deno.exit(await main(readOrExit(readArguments)) ? 0 : 1);
