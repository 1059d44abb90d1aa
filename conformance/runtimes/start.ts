import { run } from "../../tools/run.ts";
import type { Finished } from "../../tools/run.ts";
import { testEnvironment } from "../../tools/runtimes.ts";
import type { Target } from "./at_hand.ts";
import { findProgram, runInChromium } from "./chromium.ts";
import { commandLine } from "./command_lines.ts";
import type { OpenJob } from "./hub.ts";
import { workerdCommand } from "./workerd.ts";

/** Many times what a job takes where nothing else runs. */
const limitSeconds = 500;

/** Browsers are many processes each: they wait for one another. */
let browsers: Promise<unknown> = Promise.resolve();

/** Runs a job on a runtime to its end. */
export async function start(
  { name }: Target,
  job: OpenJob,
  permissions: readonly string[],
  folder: string,
): Promise<Finished> {
  const options = { env: testEnvironment(), limitSeconds };
  switch (name) {
    case "chromium": {
      const binary = findProgram(name) ?? name;
      const ran = browsers.then(() => runInChromium(binary, job, limitSeconds));
      browsers = ran.catch(() => {});
      return await ran;
    }
    case "workerd-old":
    case "workerd-new":
      return await run(await workerdCommand(folder, name, job.url), options);
    default:
      return await run(commandLine(name, job.url, permissions), options);
  }
}
