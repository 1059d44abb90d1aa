import { readFile } from "node:fs/promises";
import { bundleSize, sizeLimits } from "./bundle_size.ts";
import { checkDocuments } from "./documents.ts";
import { runExamples } from "./examples.ts";
import type { TestReport } from "./test_report.ts";
import { mutants } from "./mutant_list.ts";
import { checkMutants } from "./mutants.ts";
import { checkReference } from "./reference.ts";
import { run } from "./run.ts";

const denoCommands = [
  "fmt --check",
  "lint",
  "check --quiet mod.ts aws.ts openai.ts sts.ts cli.ts tests tools conformance examples bench",
  "publish --dry-run --allow-dirty",
];

const lockFiles = [
  "deno.lock",
  "tools/packaging/package-lock.json",
  "tools/runtimes/package-lock.json",
];

/** Checks format, lint, types, publishing, lock files, sizes, mutants, documents and examples. */
export async function runChecks(testReport: TestReport): Promise<void> {
  const commands = denoCommands.map((command) => ({
    title: `deno ${command}`,
    running: run([Deno.execPath(), ...command.split(" ")]),
  }));
  for (const { title, running } of commands) {
    const { ok, output, seconds } = await running;
    testReport.record(title, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output, seconds });
  }
  for (const file of lockFiles) {
    // A lock file that names a host does not work with any other registry
    const output = (await readFile(file, "utf8")).match(/.*https?:\/\/.*/g)?.join("\n");
    const failed = output === undefined ? 0 : 1;
    testReport.record(`${file} names no host`, { passed: 1 - failed, failed, output });
  }
  for (const [entry, most] of Object.entries(sizeLimits)) {
    const { atOnce, whole } = await bundleSize(entry);
    const failed = atOnce <= most.atOnce && whole <= most.whole ? 0 : 1;
    const kB = (bytes: number) => (bytes / 1000).toFixed(1);
    const title =
      `${entry}, minified and gzipped: ${kB(atOnce)} kB at once, of ${kB(most.atOnce)}; ` +
      `${kB(whole)} kB in all, of ${kB(most.whole)}`;
    testReport.record(title, { passed: 1 - failed, failed });
  }
  await checkMutants(mutants, testReport);
  await checkDocuments(testReport);
  await checkReference(testReport);
  await runExamples(testReport);
}
