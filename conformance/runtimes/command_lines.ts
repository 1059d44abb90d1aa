import { binaryOf } from "../../tools/runtimes.ts";
import type { RuntimeName } from "../../tools/runtimes.ts";

const driver = "conformance/runtimes/drivers/cli.ts";

/** Builds the command that runs a job, with the permissions that its subjects need on Deno. */
export function commandLine(
  name: RuntimeName,
  job: string,
  permissions: readonly string[],
): string[] {
  switch (name) {
    case "deno":
      return [
        binaryOf(name),
        "run",
        "--no-prompt",
        "--cached-only",
        "--allow-net=127.0.0.1",
        ...permissions,
        driver,
        job,
      ];
    case "bun":
      return [binaryOf(name), "run", "--no-install", driver, job];
    default:
      return [binaryOf(name), driver, job];
  }
}
