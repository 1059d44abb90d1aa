import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const CHROMIUM = (process.env.PATH ?? "").split(delimiter)
  .map((folder) => join(folder, "chromium")).find((path) => existsSync(path));

/** Why there is no browser here, if so. */
export const noChromium = CHROMIUM ? undefined : "chromium is not on the PATH";

/** Opens a page in Chromium, lets it come to rest, and returns it as it then is. */
export async function openPage(url: string, profile: string): Promise<string> {
  const { stdout } = await promisify(execFile)(CHROMIUM ?? "chromium", [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--user-data-dir=${profile}`,
    // Its clock stands still while an answer is awaited
    "--virtual-time-budget=20000",
    "--dump-dom",
    url,
  ], { timeout: 50_000 });
  return stdout;
}
