import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cases } from "../conformance/cases/mod.ts";
import type { TestReport } from "./test_report.ts";
import {
  listAnchors,
  listCodeBlocks,
  listLinks,
  listReferences,
  readDocuments,
} from "./markdown.ts";
import type { Document, Link } from "./markdown.ts";

/** The languages of code blocks; `ts` blocks are run. */
const LANGUAGES = ["", "ts", "sh", "json", "yaml", "ini", "python", "html"];

/** Checks the links of documents, their code blocks, and the test names in SECURITY.md. */
export async function checkDocuments(testReport: TestReport): Promise<void> {
  const documents = await readDocuments();
  const named = (path: string) => documents.find((document) => document.path === path);
  const report = (title: string, problems: readonly string[], found: number) => {
    const output = found === 0 ? "Found nothing to check" : problems.join("\n");
    testReport.record(title, { passed: output ? 0 : 1, failed: output ? 1 : 0, output });
  };
  const linked = documents.flatMap((document) => listLinks(document).map(({ target }) => target));
  report(
    "links lead somewhere",
    documents.flatMap((each) => findLostLinks(each, named)),
    linked.length,
  );
  report(
    "no block of TypeScript goes unchecked",
    documents.flatMap(findUnchecked),
    documents.length,
  );

  const security = named("SECURITY.md");
  const guarantees = security ? listTestLinks(security) : [];
  report(
    "SECURITY.md names tests that exist",
    await findMissingTests(guarantees),
    guarantees.length,
  );
}

function findLostLinks(
  document: Document,
  named: (path: string) => Document | undefined,
): string[] {
  const undefinedNames = listReferences(document).map((name) => `${document.path}: [${name}]`);
  return undefinedNames.concat(
    listLinks(document).filter(({ target }) => !/^[a-z]+:/.test(target)).flatMap(({ target }) => {
      const [file = "", anchor] = target.split("#");
      const path = file ? join(dirname(document.path), file).replace(/\/$/, "") : document.path;
      const there = named(path);
      const found = anchor === undefined
        ? existsSync(path)
        : there !== undefined && listAnchors(there).has(anchor);
      return found ? [] : [`${document.path}: ${target}`];
    }),
  );
}

/** Lists blocks in an unknown language, and TypeScript that is marked as something else. */
function findUnchecked({ path, text }: Document): string[] {
  return listCodeBlocks(text)
    .filter(({ language, code }) =>
      !LANGUAGES.includes(language) || (language !== "ts" && /^\s*import\b.*\bfrom "/m.test(code))
    )
    .map(({ language, line }) =>
      `${path}:${line}: "${language}" is unknown, or the block is TypeScript. Mark TypeScript as "ts"`
    );
}

/** Lists the links to tests or properties, labeled by name, and to cases, labeled by id. */
function listTestLinks(document: Document): Link[] {
  return listLinks(document).filter(({ target }) =>
    /^(?:tests|conformance\/cases)\/.*\.ts$/.test(target)
  );
}

async function findMissingTests(promised: Link[]): Promise<string[]> {
  const missing = promised.map(async ({ label, target }) => {
    const names = existsSync(target) ? await listTestNames(target) : [];
    return names.includes(label.replaceAll("`", "")) ? [] : [`${target} has no test "${label}"`];
  });
  return (await Promise.all(missing)).flat();
}

/**
 * Lists the names of the tests in a file, without a leading `${subject}: `, or the ids of cases.
 */
async function listTestNames(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8");
  if (path.startsWith("conformance/")) {
    // A trailing number, such as a status, may be generated
    const written = (id: string) => id.replace(/^.*\//, "").replace(/\d+$/, "");
    return cases.map(({ id }) => id).filter((id) => text.includes(written(id)));
  }
  const found = text.matchAll(
    /\b(?:test|it|property)\(\s*(["`])(?:\$\{\w+\}: )?((?:\\.|(?!\1)[^\\])*)\1,/g,
  );
  return [...found].map(([, , name = ""]) => name.replaceAll("`", "").replace(/\$\{\w+\}/g, "…"));
}
