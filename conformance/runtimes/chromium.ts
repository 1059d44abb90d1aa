import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import type { Page } from "playwright-core";

/** Advice on getting the browser if it is missing. */
export const chromiumAdvice =
  "chromium is not on the PATH: apt-get install --no-install-recommends chromium";

/** Keeps the browser from talking to anybody but the page's server. */
const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const LAUNCH_MS = 120_000;

/** Finds a program on the PATH. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Opens a page in a browser of its own, which is closed once `use` has settled. */
export async function withPage<T>(url: string, use: (page: Page) => Promise<T>): Promise<T> {
  const executablePath = findProgram("chromium");
  if (executablePath === undefined) throw new Error(chromiumAdvice);
  // Loading it takes longer than most programs that only ask for the browser's path
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: FLAGS, timeout: LAUNCH_MS });
  try {
    const page = await browser.newPage();
    await page.goto(url, { timeout: LAUNCH_MS });
    return await use(page);
  } finally {
    await browser.close();
  }
}
