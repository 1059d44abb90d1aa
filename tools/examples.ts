import { readdir, readFile } from "node:fs/promises";
import type { Result, TestReport } from "./test_report.ts";
import { listCodeBlocks, readDocuments } from "./markdown.ts";
import { run } from "./run.ts";
import { readCounts } from "./runtimes.ts";

/** The published sources, whose comments may contain examples. */
const SOURCES = [
  "mod.ts",
  "aws.ts",
  "openai.ts",
  "sts.ts",
  "cli.ts",
  "src",
  "cli",
  "conformance",
  "proxy",
  "loopback",
];

/** The hosts that `example_world.ts` stands in for; Deno is asked for those that issue credentials. */
const HOSTS = [
  "127.0.0.1",
  "169.254.169.254",
  "metadata.google.internal",
  "cognito-identity.us-west-2.amazonaws.com",
  "pipelines.actions.githubusercontent.com",
  "sts.us-west-2.amazonaws.com",
];

/** The permissions that every way to authenticate needs. */
const FLAGS = `--allow-env --allow-read --allow-sys --allow-net=${HOSTS}`;

/** Type-checks and runs every example of the documents and of the published files. */
export async function runExamples(testReport: TestReport): Promise<void> {
  const [documents, docstrings] = [await readDocuments(), await commentsOf(SOURCES)];
  const running = [runAll("documents", documents), runAll("docstrings", docstrings)];
  for (const each of running) {
    const { title, ...result } = await each;
    testReport.record(title, result);
  }
}

interface Source {
  readonly path: string;
  readonly text: string;
}

async function runAll(title: string, sources: Source[]): Promise<Result & { title: string }> {
  const all = sources.map(({ path, text }) => ({ path, blocks: listCodeBlocks(text) }));
  const given = all.map(({ path, blocks }) => ({ path, count: blocks.filter(isExample).length }));
  const paths = given.filter(({ count }) => count > 0).map(({ path }) => path);
  const expected = given.reduce((sum, { count }) => sum + count, 0);
  const command = `test --doc --no-prompt ${FLAGS} --preload tools/example_world.ts`.split(" ");
  const { ok, output, seconds } = await run([Deno.execPath(), ...command, ...paths], {
    limitSeconds: 600,
  });
  const passed = readCounts("deno", output)?.passed ?? 0;
  // Deno skips some blocks silently, such as those marked to be ignored
  const odd = passed === expected ? "" : `\n${passed} of ${expected} examples passed`;
  const failed = ok && odd === "" ? 0 : 1;
  const line = `examples in ${title}: ${passed}`;
  return { title: line, passed, failed, output: output + odd, seconds };
}

function isExample({ language }: { language: string }): boolean {
  return /^(?:ts|tsx|js|jsx|typescript|javascript)\b/.test(language);
}

/** Extracts the comments of TypeScript files, as Markdown. */
async function commentsOf(roots: string[]): Promise<Source[]> {
  const found = await Promise.all(
    roots.map(async (root) =>
      root.endsWith(".ts")
        ? [root]
        : (await readdir(root, { recursive: true })).map((path) => `${root}/${path}`)
    ),
  );
  const paths = found.flat().filter((path) => path.endsWith(".ts")).sort();
  return await Promise.all(paths.map(async (path) => {
    const comments = (await readFile(path, "utf8")).match(/\/\*\*[^]*?\*\//g) ?? [];
    return { path, text: comments.join("\n").replace(/^ *\* ?/gm, "") };
  }));
}
