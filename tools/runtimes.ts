import { resolve } from "node:path";
import process from "node:process";

/** Loads the files named after it, so that what they share is loaded once. */
const ENTRY = "./tests/support/test_files.ts";

/** How one kind of runtime runs test files and reports its counts. */
interface Runner {
  /** Path of the program inside its npm package. */
  program: string;
  /** What comes before the files. */
  testArguments: string[];
  /** Matches the summary: the tests passed, then one or more counts of tests failed. */
  summary: RegExp;
  /** Matches the line of a test that passed. */
  pass: RegExp;
}

// The flags from `--no-check` on let a copy of the project run with a linked node_modules:
// types are checked elsewhere, and neither the lock file nor node_modules is looked after
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
  // Not by `--test`: in one process, that passes over what a file throws after its first test
  testArguments: ["--test-reporter=spec", ENTRY],
  summary: /^ℹ pass (\d+)\nℹ fail (\d+)\nℹ cancelled (\d+)$/gm,
  pass: /^ *✔ .*\n/gm,
};

const bun: Runner = {
  program: "bin/bun",
  // By itself it gives a test five seconds, which a busy machine may take
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

/** A runtime that is at hand. */
export interface Runtime {
  name: RuntimeName;
  version: string;
}

/** Tests as a runner counts them. */
export interface Counts {
  passed: number;
  failed: number;
}

/** Every runtime that the tests run on. */
export const runtimeNames = Object.keys(table) as RuntimeName[];

/** Where `tools/runtimes` names and keeps its packages. */
export const runtimesFolder = "tools/runtimes";

/** How the names of the packages for this machine end. */
export const platform = `${process.platform}-${process.arch}`;

/** Where the binary of a runtime is, or would be. */
export function binaryOf(name: RuntimeName): string {
  if (name === "deno") return Deno.execPath();
  const { program } = table[name].runner;
  return resolve(runtimesFolder, "node_modules", `${name}-${platform}`, program);
}

/** Whether a version, such as `24.21.0`, is the one that the runtime's name promises. */
export function isWanted(name: RuntimeName, version: string): boolean {
  return version.startsWith(`${table[name].major}.`);
}

/** The command that runs test files on a runtime. */
export function testCommand(name: RuntimeName, files: string[]): string[] {
  // Without "./" Bun takes a name for a filter
  const paths = files.map((file) => file.startsWith("/") ? file : `./${file}`);
  return [binaryOf(name), ...table[name].runner.testArguments, ...paths];
}

/** Reads the last summary that a runtime's runner printed. */
export function readCounts(name: RuntimeName, output: string): Counts | undefined {
  const summary = [...output.matchAll(table[name].runner.summary)].at(-1);
  if (!summary) return undefined;
  const [passed = 0, ...failed] = summary.slice(1).map(Number);
  return { passed, failed: failed.reduce((sum, count) => sum + count, 0) };
}

/** What a runtime's runner printed, without the tests that passed. */
export function withoutPasses(name: RuntimeName, output: string): string {
  return output.replaceAll(table[name].runner.pass, "");
}

/**
 * The environment for tests: what would lead them to an account or a proxy is left out, and Node,
 * of which many processes are started, keeps what it has compiled.
 */
export function testEnvironment(): Record<string, string> {
  const hidden = /^(AWS_|OPENAI_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|FORCE_COLOR$)|BEDROCK|_PROXY$/i;
  const variables = Object.entries(Deno.env.toObject()).filter(([name]) => !hidden.test(name));
  const cache = resolve("node_modules/.cache/node");
  return { ...Object.fromEntries(variables), NODE_COMPILE_CACHE: cache };
}
