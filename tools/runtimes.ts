import { resolve } from "node:path";
import process from "node:process";

/** The module that loads the test files, so that shared modules are loaded once. */
const ENTRY = "./tests/support/test_files.ts";

/** The way a kind of runtime runs test files and reports counts. */
interface Runner {
  /** The path of the binary in its npm package. */
  program: string;
  /** The arguments before the files. */
  testArguments: string[];
  /** Matches the summary: the number of tests that passed, then one or more numbers that failed. */
  summary: RegExp;
  /** Matches the line of a test that passed. */
  pass: RegExp;
}

// The flags from `--no-check` on let a copy of the project run with a linked node_modules; types and
// the lock file are checked elsewhere
const deno: Runner = {
  program: "deno",
  testArguments: [
    "test",
    "--no-prompt",
    "--allow-env",
    "--allow-read",
    "--allow-write",
    "--allow-sys",
    "--allow-run",
    "--allow-net=127.0.0.1,localhost",
    "--no-check",
    "--no-lock",
    "--cached-only",
    "--node-modules-dir=manual",
    ENTRY,
    "--",
  ],
  summary: /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed/gm,
  pass: /^.* \.\.\. ok \(.*\)\n/gm,
};

const node: Runner = {
  program: "bin/node",
  // Not `--test`, which in one process ignores errors that a file throws after its first test
  testArguments: ["--test-reporter=spec", ENTRY],
  summary: /^ℹ pass (\d+)\nℹ fail (\d+)\nℹ cancelled (\d+)$/gm,
  pass: /^ *✔ .*\n/gm,
};

const bun: Runner = {
  program: "bin/bun",
  // The default of five seconds is too short on a busy machine
  testArguments: ["test", "--no-install", "--timeout=60000"],
  summary: /^ *(\d+) pass\n(?: *\d+ (?:skip|todo)\n)* *(\d+) fail$/gm,
  pass: /^\(pass\) .*\n/gm,
};

const table = {
  deno: { major: 2, runner: deno },
  node22: { major: 22, runner: node },
  node24: { major: 24, runner: node },
  node26: { major: 26, runner: node },
  bun: { major: 1, runner: bun },
};

/** The name of a runtime, as `--runtime` takes it. */
export type RuntimeName = keyof typeof table;

/** A runtime that is installed. */
export interface Runtime {
  name: RuntimeName;
  version: string;
}

/** The counts of a test runner. */
export interface Counts {
  passed: number;
  failed: number;
}

/** Every runtime that the tests run on. */
export const runtimeNames = Object.keys(table) as RuntimeName[];

/** The folder in which the runtimes are installed. */
export const runtimesFolder = "tools/runtimes";

/** The suffix of packages for this machine. */
export const platform = `${process.platform}-${process.arch}`;

/** Builds the path of the binary of a runtime. */
export function binaryOf(name: RuntimeName): string {
  if (name === "deno") return Deno.execPath();
  const { program } = table[name].runner;
  return resolve(runtimesFolder, "node_modules", `${name}-${platform}`, program);
}

/** Checks that a version, such as `24.21.0`, matches the name of the runtime. */
export function isWanted(name: RuntimeName, version: string): boolean {
  return version.startsWith(`${table[name].major}.`);
}

/** Builds the command that runs test files on a runtime. */
export function testCommand(name: RuntimeName, files: string[]): string[] {
  // Without "./", Bun takes a name as a filter
  const paths = files.map((file) => file.startsWith("/") ? file : `./${file}`);
  return [binaryOf(name), ...table[name].runner.testArguments, ...paths];
}

/** Reads the last summary in the output of a runner. */
export function readCounts(name: RuntimeName, output: string): Counts | undefined {
  const summary = [...output.matchAll(table[name].runner.summary)].at(-1);
  if (!summary) return undefined;
  const [passed = 0, ...failed] = summary.slice(1).map(Number);
  return { passed, failed: failed.reduce((sum, count) => sum + count, 0) };
}

/** Removes the tests that passed from the output of a runner. */
export function withoutPasses(name: RuntimeName, output: string): string {
  return output.replaceAll(table[name].runner.pass, "");
}

/**
 * Builds the environment for tests, without variables that lead to an account or a proxy, and with
 * a compile cache for Node, which is started many times.
 */
export function testEnvironment(): Record<string, string> {
  const hidden = /^(AWS_|OPENAI_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|FORCE_COLOR$)|BEDROCK|_PROXY$/i;
  const variables = Object.entries(Deno.env.toObject()).filter(([name]) => !hidden.test(name));
  const cache = resolve("node_modules/.cache/node");
  return { ...Object.fromEntries(variables), NODE_COMPILE_CACHE: cache };
}
