import { readdir, readFile } from "node:fs/promises";

/** A Markdown file of the project. */
export interface Document {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of code. */
export interface Block {
  /** All that stands behind the opening fence. */
  readonly language: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  readonly code: string;
}

const FOREIGN = /(?:^|\/)(?:\.[^/]+|node_modules|out|coverage)(?:\/|$)/;

/** Every Markdown file of the project, wherever it is. */
export async function readDocuments(): Promise<Document[]> {
  const paths = (await readdir(".", { recursive: true }))
    .filter((path) => path.endsWith(".md") && !FOREIGN.test(path));
  return await Promise.all(
    paths.sort().map(async (path) => ({ path, text: await readFile(path, "utf8") })),
  );
}

/** The fenced blocks of a text: those of lists and quotations as well. */
export function codeBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const [, fence = "", info = ""] = /^[\s>]*(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (!open && fence) open = { fence, language: info.trim(), line: index + 1, lines: [] };
    else if (open && fence.startsWith(open.fence) && info.trim() === "") {
      blocks.push({ ...open, code: open.lines.join("\n") });
      open = undefined;
    } else open?.lines.push(line);
  }
  if (open) blocks.push({ ...open, code: open.lines.join("\n") });
  return blocks;
}

/** A text without its blocks of code. */
export function prose(text: string): string {
  return text.replace(/^[\s>]*(`{3,}|~{3,})[^]*?^[\s>]*\1.*$/gm, "");
}

/** A link, with the text that leads there. */
export interface Link {
  readonly label: string;
  readonly target: string;
}

/** The links of a document, images included. */
export function links({ text }: Document): Link[] {
  return [...prose(text).matchAll(/\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g)]
    .map(([, label = "", target = ""]) => ({ label, target }));
}

/** The names in `[text][name]` that nothing in the document defines. */
export function references({ text }: Document): string[] {
  const used = [...prose(text).matchAll(/\]\[([^\]]+)\]/g)].map(([, name = ""]) => name);
  return used.filter((name) => !text.includes(`\n[${name}]: `));
}

/** What a `#` can lead to in a document, as GitHub names headings. */
export function anchors({ text }: Document): Set<string> {
  const headings = prose(text).matchAll(/^#+ +(.+?) *$/gm);
  return new Set(
    [...headings].map(([, heading = ""]) =>
      heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")
    ),
  );
}
