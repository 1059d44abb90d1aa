import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { run, type RunOptions } from "./run.ts";

/** The folder of the tools that build and check the npm package. */
export const packagingFolder = "tools/packaging";

interface LockFile {
  readonly packages: Readonly<Record<string, { integrity?: string; optional?: true }>>;
}

/** Installs the tools, unless they match the lock file. */
export async function preparePackaging(): Promise<void> {
  if (await isInstalled(packagingFolder)) return;
  await succeed(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: packagingFolder,
  });
}

/** Builds the command that runs a tool of `tools/packaging` on this Deno. */
export function packagingTool(path: string): string[] {
  const file = `${Deno.cwd()}/${packagingFolder}/node_modules/${path}`;
  return [Deno.execPath(), "run", "-A", "--no-lock", "--node-modules-dir=manual", file];
}

/** Runs a command that must succeed, and returns its output. */
export async function succeed(command: string[], options?: RunOptions): Promise<string> {
  const { ok, output } = await run(command, options);
  if (ok) return output;
  throw new Error(`Failed: ${command.join(" ")}\n${output}`);
}

/** Compares the lock file of a folder with the one that npm writes into `node_modules`. */
export async function isInstalled(folder: string): Promise<boolean> {
  const present = await readLock(`${folder}/node_modules/.package-lock.json`);
  const wanted = await readLock(`${folder}/package-lock.json`);
  return present !== undefined && wanted !== undefined &&
    Object.entries(wanted.packages).every(([path, { integrity, optional }]) =>
      path === "" ||
      (present.packages[path]?.integrity === integrity && existsSync(`${folder}/${path}`)) ||
      (optional && !present.packages[path])
    );
}

async function readLock(file: string): Promise<LockFile | undefined> {
  return existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : undefined;
}
