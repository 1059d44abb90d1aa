import { run } from "../../tools/run.ts";
import type { Finished } from "../../tools/run.ts";
import { testEnvironment } from "../../tools/runtimes.ts";
import type { Target } from "./targets.ts";
import { withPage } from "./chromium.ts";
import { commandLine } from "./command_lines.ts";
import type { OpenJob } from "./hub.ts";
import { DONE } from "./job.ts";
import { workerdCommand } from "./workerd.ts";

/** The time limit of a job: many times what it takes on an idle machine. */
const limitSeconds = 500;

/** Runs a job on a runtime to its end. */
export async function start(
  { name }: Target,
  job: OpenJob,
  permissions: readonly string[],
  folder: string,
): Promise<Finished> {
  const options = { env: testEnvironment(), limitSeconds };
  switch (name) {
    case "chromium":
      return await runPage(job.page);
    case "workerd-old":
    case "workerd-new":
      return await run(await workerdCommand(folder, name, job.url), options);
    default:
      return await run(commandLine(name, job.url, permissions), options);
  }
}

/** Opens the page of a job, and waits until it shows that the job is done or has failed. */
async function runPage(url: string): Promise<Finished> {
  const start = performance.now();
  const shown = await withPage(url, async (page) => {
    const output = page.locator("output:not(:empty)");
    await output.waitFor({ timeout: limitSeconds * 1000 });
    return await output.textContent();
  }).catch((error: unknown) => `The page did not finish: ${error}`);
  const seconds = (performance.now() - start) / 1000;
  return { ok: shown === DONE, output: shown ?? "", seconds };
}
