import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { run, type RunOptions } from "./run.ts";

/** Where the tools are named and kept that build the npm package and try it. */
export const packagingFolder = "tools/packaging";

interface LockFile {
  readonly packages: Readonly<Record<string, { integrity?: string; optional?: true }>>;
}

/** Installs the tools where they are not what the lock file says. */
export async function preparePackaging(): Promise<void> {
  if (await isInstalled()) return;
  await succeed(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: packagingFolder,
  });
}

/** The command that runs a tool of `tools/packaging` on this Deno. */
export function packagingTool(path: string): string[] {
  const file = `${Deno.cwd()}/${packagingFolder}/node_modules/${path}`;
  return [Deno.execPath(), "run", "-A", "--no-lock", "--node-modules-dir=manual", file];
}

/** Runs a command, and returns what it printed. */
export async function succeed(command: string[], options?: RunOptions): Promise<string> {
  const { ok, output } = await run(command, options);
  if (ok) return output;
  throw new Error(`Failed: ${command.join(" ")}\n${output}`);
}

async function isInstalled(): Promise<boolean> {
  const present = await readLock(`${packagingFolder}/node_modules/.package-lock.json`);
  const wanted = await readLock(`${packagingFolder}/package-lock.json`);
  return present !== undefined && wanted !== undefined &&
    Object.entries(wanted.packages).every(([path, { integrity, optional }]) =>
      path === "" || present.packages[path]?.integrity === integrity ||
      (optional && !present.packages[path])
    );
}

async function readLock(file: string): Promise<LockFile | undefined> {
  return existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : undefined;
}
