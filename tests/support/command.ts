import { fileURLToPath } from "node:url";
import { runFresh } from "./fresh_process.ts";

/** The command line. */
export const CLI: string = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** Variables under which nothing of AWS is found on a machine. */
export const NO_AWS = {
  AWS_CONFIG_FILE: "/no/such/config",
  AWS_SHARED_CREDENTIALS_FILE: "/no/such/credentials",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** Runs a subcommand in a process of its own, away from AWS: its exit code and what it printed. */
export async function runCommand(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return await runFresh(CLI, args, { ...NO_AWS, ...env }).then(
    (printed) => ({ code: 0, ...printed }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}
