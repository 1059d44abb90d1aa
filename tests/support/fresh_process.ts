import { execFile } from "node:child_process";
import { promisify } from "node:util";

const DENO = ["run", "-A", "--no-lock", "--no-check", "--cached-only", "--node-modules-dir=manual"];
const BUN = ["--no-install"];

/** The flags by which the runtime of this process runs a module as it stands. */
export const RUN_FLAGS: readonly string[] = "Deno" in globalThis
  ? DENO
  : "Bun" in globalThis
  ? BUN
  : [];

/** Returns the variables that a process needs, and the cache that lets Node start it faster. */
export function bareEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "", NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, NO_COLOR: "1", ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
}

/**
 * Runs a module in a process of its own, on the runtime of this one, and returns what it
 * prints.
 */
export async function runFresh(
  path: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  return await promisify(execFile)(process.execPath, [...RUN_FLAGS, path, ...args], {
    env: { ...bareEnvironment(), ...env },
    timeout: 60_000,
  });
}
