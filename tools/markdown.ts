import { readdir, readFile } from "node:fs/promises";

/** A Markdown file of the project. */
export interface Document {
  /** Relative to the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of code. */
export interface Block {
  /** The rest of the opening fence. */
  readonly language: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  readonly code: string;
}

const FOREIGN = /(?:^|\/)(?:\.[^/]+|node_modules|out|coverage)(?:\/|$)/;

/** Reads every Markdown file of the project. */
export async function readDocuments(): Promise<Document[]> {
  const paths = (await readdir(".", { recursive: true }))
    .filter((path) => path.endsWith(".md") && !FOREIGN.test(path));
  return await Promise.all(
    paths.sort().map(async (path) => ({ path, text: await readFile(path, "utf8") })),
  );
}

/** Lists the fenced blocks of a text, including those in lists and quotations. */
export function listCodeBlocks(text: string): Block[] {
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

/** Removes the code blocks of a text. */
export function removeCode(text: string): string {
  return text.replace(/^[\s>]*(`{3,}|~{3,})[^]*?^[\s>]*\1.*$/gm, "");
}

/** A link and its text. */
export interface Link {
  readonly label: string;
  readonly target: string;
}

/** Lists the links of a document, including images. */
export function listLinks({ text }: Document): Link[] {
  return [...removeCode(text).matchAll(/\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g)]
    .map(([, label = "", target = ""]) => ({ label, target }));
}

/** Lists the names in `[text][name]` that the document does not define. */
export function listReferences({ text }: Document): string[] {
  const used = [...removeCode(text).matchAll(/\]\[([^\]]+)\]/g)].map(([, name = ""]) => name);
  return used.filter((name) => !text.includes(`\n[${name}]: `));
}

/** Lists the anchors of the headings of a document, as GitHub names them. */
export function listAnchors({ text }: Document): Set<string> {
  const headings = removeCode(text).matchAll(/^#+ +(.+?) *$/gm);
  return new Set(
    [...headings].map(([, heading = ""]) =>
      heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")
    ),
  );
}
