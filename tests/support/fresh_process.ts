import { execFile } from "node:child_process";
import { promisify } from "node:util";

const DENO = ["run", "-A", "--no-lock", "--no-check", "--cached-only", "--node-modules-dir=manual"];
const BUN = ["--no-install"];

/** Runs a module in a process of its own, on the runtime of this one, and returns what it prints. */
export async function runFresh(
  path: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const flags = "Deno" in globalThis ? DENO : "Bun" in globalThis ? BUN : [];
  const { PATH = "", HOME = "" } = process.env;
  return await promisify(execFile)(process.execPath, [...flags, path, ...args], {
    env: { PATH, HOME, NO_COLOR: "1", ...env },
    timeout: 60_000,
  });
}
