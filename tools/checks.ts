import { readFile } from "node:fs/promises";
import { checkDocuments } from "./documents.ts";
import { runExamples } from "./examples.ts";
import type { Ledger } from "./ledger.ts";
import { checkReference } from "./reference.ts";
import { run } from "./run.ts";

const denoCommands = [
  "fmt --check",
  "lint",
  "check --quiet mod.ts aws.ts openai.ts cli.ts tests fuzz tools conformance examples bench",
  "publish --dry-run --allow-dirty",
];

const lockFiles = [
  "deno.lock",
  "tools/packaging/package-lock.json",
  "tools/runtimes/package-lock.json",
];

/** Checks format, lint, types, documents, what would be published, and the lock files. */
export async function runChecks(ledger: Ledger): Promise<void> {
  const commands = denoCommands.map((command) => ({
    title: `deno ${command}`,
    running: run([Deno.execPath(), ...command.split(" ")]),
  }));
  for (const { title, running } of commands) {
    const { ok, output, seconds } = await running;
    ledger.record(title, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output, seconds });
  }
  for (const file of lockFiles) {
    // A package that names its host can't be had from any other registry; a `url` is where it asks
    // for funding
    const output = (await readFile(file, "utf8")).match(/^(?! *"url": ).*https?:\/\/.*/gm)
      ?.join("\n");
    const failed = output === undefined ? 0 : 1;
    ledger.record(`${file} names no host`, { passed: 1 - failed, failed, output });
  }
  await checkDocuments(ledger);
  await checkReference(ledger);
  await runExamples(ledger);
}
