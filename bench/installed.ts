import { build } from "esbuild";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Writes the module as npm has it, file by file in JavaScript, and what measures it, into a folder
 * of its own; for Node, which runs no TypeScript out of an installed package.
 */
export async function withInstalled<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const sources = [...await within("src"), ...await within("bench"), "mod.ts", "aws.ts"];
    await build({
      entryPoints: sources,
      outdir: folder,
      outbase: ".",
      bundle: false,
      format: "esm",
      target: "es2023",
      logLevel: "error",
    });
    for (const file of await within(folder)) {
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace(/(\b(?:from|import) ?\(?)"(\.[^"]+)\.ts"/g, '$1"$2.js"'));
    }
    await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
    await symlink(resolve("node_modules"), join(folder, "node_modules"));
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function within(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.[jt]s$/.test(name)).map((name) => join(folder, name));
}
