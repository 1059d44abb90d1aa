import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeEsModules } from "../tools/es_modules.ts";

const PROGRAMS = ["bench/here.ts", "bench/import_probe.ts", "bench/load_here.ts"];

/**
 * Writes the module as npm has it, and what measures it, into a folder of its own; for Node, which
 * runs no TypeScript out of an installed package.
 */
export async function withInstalled<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const { exports } = JSON.parse(await readFile("deno.json", "utf8"));
    await writeEsModules(Object.values(exports), folder);
    // Apart, so that what they reach inside the module cuts it into no other chunks
    await writeEsModules(PROGRAMS, folder);
    await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
    await symlink(resolve("node_modules"), join(folder, "node_modules"));
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
