import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The most files that an entry may load at once: each import of a file costs Node time. */
const MOST_FILES = 26;

/** Some modules that no entry needs before its first request. */
const LATE = ["exchange/exchange.ts", "inspect.ts", "sigv4/sign.ts", "aws/chain.ts"];

/** Checks that the entries load few files at once, and the rest later. */
export async function tryLoading(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".js")).map((name) => join(folder, name));
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readFile(file, "utf8"));
  for (const module of LATE) {
    const { length } = [...texts.values()].filter((text) => holds(text, module));
    if (length !== 1) throw new Error(`${module} is in ${length} files`);
  }
  for (const entry of ["mod.js", "aws.js"]) {
    const loaded = new Set([join(folder, entry)]);
    for (const file of loaded) {
      const text = texts.get(file) ?? "";
      const early = LATE.find((module) => holds(text, module));
      if (early) throw new Error(`${entry} loads ${early} at once`);
      for (const [, path = ""] of text.matchAll(/(?:from|import) "(\.[^"]+)"/g)) {
        loaded.add(join(file, "..", path));
      }
    }
    if (loaded.size > MOST_FILES) throw new Error(`${entry} loads ${loaded.size} files`);
  }
}

/** esbuild writes each module's path above it. */
function holds(text: string, module: string): boolean {
  return text.includes(`\n// src/${module}\n`);
}
