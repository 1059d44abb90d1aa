import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cases } from "../conformance/cases/mod.ts";
import type { TestReport } from "./test_report.ts";
import { anchors, codeBlocks, links, readDocuments, references } from "./markdown.ts";
import type { Document, Link } from "./markdown.ts";

/** The languages of blocks; `ts` is run, and the rest is not TypeScript. */
const LANGUAGES = ["", "ts", "sh", "json", "yaml", "ini", "python", "html"];

/** Checks that documents hold what they promise: links, tests and files by name, blocks that run. */
export async function checkDocuments(testReport: TestReport): Promise<void> {
  const documents = await readDocuments();
  const named = (path: string) => documents.find((document) => document.path === path);
  const report = (title: string, problems: readonly string[], found: number) => {
    const output = found === 0 ? "Nothing was found to check" : problems.join("\n");
    testReport.record(title, { passed: output ? 0 : 1, failed: output ? 1 : 0, output });
  };
  const linked = documents.flatMap((document) => links(document).map(({ target }) => target));
  report(
    "links lead somewhere",
    documents.flatMap((each) => lostLinks(each, named)),
    linked.length,
  );
  report("no block of TypeScript goes unchecked", documents.flatMap(escaped), documents.length);

  const security = named("SECURITY.md");
  const guarantees = security ? testLinks(security) : [];
  report("SECURITY.md names tests that exist", await missingTests(guarantees), guarantees.length);
}

function lostLinks(document: Document, named: (path: string) => Document | undefined): string[] {
  const undefinedNames = references(document).map((name) => `${document.path}: [${name}]`);
  return undefinedNames.concat(
    links(document).filter(({ target }) => !/^[a-z]+:/.test(target)).flatMap(({ target }) => {
      const [file = "", anchor] = target.split("#");
      const path = file ? join(dirname(document.path), file).replace(/\/$/, "") : document.path;
      const there = named(path);
      const found = anchor === undefined
        ? existsSync(path)
        : there !== undefined && anchors(there).has(anchor);
      return found ? [] : [`${document.path}: ${target}`];
    }),
  );
}

/** Blocks whose language is unknown, or is said to be another than TypeScript. */
function escaped({ path, text }: Document): string[] {
  return codeBlocks(text)
    .filter(({ language, code }) =>
      !LANGUAGES.includes(language) || (language !== "ts" && /^\s*import\b.*\bfrom "/m.test(code))
    )
    .map(({ language, line }) =>
      `${path}:${line}: "${language}" is unknown or hides TypeScript; mark it "ts" alone`
    );
}

/** Where a document links to a test or a property, by its exact name, or to a case, by its id. */
function testLinks(document: Document): Link[] {
  return links(document).filter(({ target }) =>
    /^(?:tests|conformance\/cases)\/.*\.ts$/.test(target)
  );
}

async function missingTests(promised: Link[]): Promise<string[]> {
  const missing = promised.map(async ({ label, target }) => {
    const names = existsSync(target) ? await testNames(target) : [];
    return names.includes(label.replaceAll("`", "")) ? [] : [`${target} has no test "${label}"`];
  });
  return (await Promise.all(missing)).flat();
}

/** The names of the tests in a file, without what stands for a subject; or the ids of cases. */
async function testNames(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8");
  if (path.startsWith("conformance/")) {
    // A number at the end, such as a status, is put in as the cases are made
    const written = (id: string) => id.replace(/^.*\//, "").replace(/\d+$/, "");
    return cases.map(({ id }) => id).filter((id) => text.includes(written(id)));
  }
  const found = text.matchAll(
    /\b(?:test|it|property)\(\s*(["`])(?:\$\{\w+\}: )?((?:\\.|(?!\1)[^\\])*)\1,/g,
  );
  return [...found].map(([, , name = ""]) => name.replaceAll("`", "").replace(/\$\{\w+\}/g, "…"));
}
