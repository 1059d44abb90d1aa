import { fileURLToPath } from "node:url";
import { chromiumAdvice, findProgram } from "../../conformance/runtimes/chromium.ts";
import { runFresh } from "./fresh_process.ts";

const PROGRAM = fileURLToPath(new URL("page_text_process.ts", import.meta.url));

/** Why there is no browser here, if so. */
export const noChromium = findProgram("chromium") ? undefined : chromiumAdvice;

/**
 * Opens a page in Chromium, waits until an element shows exactly this text, and returns its id.
 *
 * In a process of its own: playwright-core looks at files that Deno shows to no test.
 */
export async function waitForText(url: string, text: string): Promise<string> {
  return (await runFresh(PROGRAM, [url, text])).stdout.trim();
}
