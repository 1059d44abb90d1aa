import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** How many files an entry may load at once: an import costs Node by the file. */
const MOST_FILES = 26;

/** Some modules that no entry needs before its first request. */
const ON_FIRST_NEED = ["exchange/exchange.ts", "inspect.ts", "sigv4/sign.ts", "aws/chain.ts"];

/** Tries how the ES modules in a folder load: at once in few files, the rest on first need. */
export async function tryLoading(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".js")).map((name) => join(folder, name));
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readFile(file, "utf8"));
  for (const module of ON_FIRST_NEED) {
    const { length } = [...texts.values()].filter((text) => holds(text, module));
    if (length !== 1) throw new Error(`${module} is in ${length} files`);
  }
  for (const entry of ["mod.js", "aws.js"]) {
    const loaded = new Set([join(folder, entry)]);
    for (const file of loaded) {
      const text = texts.get(file) ?? "";
      const early = ON_FIRST_NEED.find((module) => holds(text, module));
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
