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

/** Runs a module in a process of its own, on the runtime of this one, and returns what it prints. */
export async function runFresh(
  path: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const { PATH = "", HOME = "" } = process.env;
  return await promisify(execFile)(process.execPath, [...RUN_FLAGS, path, ...args], {
    env: { PATH, HOME, NO_COLOR: "1", ...env },
    timeout: 60_000,
  });
}
