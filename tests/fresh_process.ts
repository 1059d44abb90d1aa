import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a module in a process of its own, on the runtime of this one, and returns what it prints. */
export async function runFresh(path: string, env: Record<string, string> = {}): Promise<string> {
  const deno = ["run", "--no-config", "--no-lock", "--no-check", "--no-prompt", "-A"];
  const bun = ["--no-install"];
  const flags = "Deno" in globalThis ? deno : "Bun" in globalThis ? bun : [];
  const { PATH = "", HOME = "" } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, path], {
    env: { PATH, HOME, NO_COLOR: "1", ...env },
  });
  return stdout;
}
