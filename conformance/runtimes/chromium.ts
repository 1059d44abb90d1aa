import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Finished } from "../../tools/run.ts";
import type { OpenJob } from "./hub.ts";

/** How to get the browser, where it is missing. */
export const chromiumAdvice =
  "chromium is not on the PATH: apt-get install --no-install-recommends chromium";

/** Where a program is, if the PATH leads to it. */
export function findProgram(name: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Opens the page of a job in a browser of its own, until the job is done. */
export async function runInChromium(
  binary: string,
  { page, done }: OpenJob,
  limitSeconds: number,
): Promise<Finished> {
  const start = performance.now();
  const profile = await Deno.makeTempDir({ prefix: "conformance-chromium-" });
  const browser = new Deno.Command(binary, {
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--user-data-dir=${profile}`,
      page,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), limitSeconds * 1000);
  const ok = await Promise.race([
    done.then(() => true),
    browser.status.then(() => false),
    late.promise,
  ]);
  clearTimeout(timer);
  await stop(browser);
  await discard(profile);
  const output = ok ? "" : "The page did not say that it was through";
  return { ok, output, seconds: (performance.now() - start) / 1000 };
}

async function stop(browser: Deno.ChildProcess): Promise<void> {
  const kill = (signal: Deno.Signal) => {
    try {
      browser.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended already
    }
  };
  kill("SIGTERM");
  const timer = setTimeout(() => kill("SIGKILL"), 3000);
  await browser.status;
  clearTimeout(timer);
}

/** Removes a folder that children of the browser, which outlive it a little, still write to. */
async function discard(folder: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    if (!existsSync(folder)) return;
  }
}
