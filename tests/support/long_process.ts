import { spawn } from "node:child_process";
import process from "node:process";
import { bareEnvironment, RUN_FLAGS } from "./fresh_process.ts";

const LIMIT_MS = 60_000;

/** A process that runs until it is told to stop. */
export interface LongProcess {
  /** Resolves to what it has printed, once that matches; rejects where it ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Reads no more of what it prints, as `head` does. */
  leaveOutput(): void;
  /** Sends a signal and resolves to the exit code, or to the signal that ended it. */
  stop(signal: "SIGINT" | "SIGTERM"): Promise<number | string | null>;
}

/** Runs a module in a process of its own, on the runtime of this one, until `run` has ended. */
export async function withProcess(
  path: string,
  args: readonly string[],
  run: (running: LongProcess) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const child = spawn(process.execPath, [...RUN_FLAGS, path, ...args], {
    env: { ...bareEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let look = () => {};
  const take = (chunk: string) => {
    output += chunk;
    look();
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  // Whatever happens, no process is left behind.
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  try {
    await run({
      printed: (pattern) =>
        new Promise((resolve, reject) => {
          look = () => pattern.test(output) && resolve(output);
          look();
          ended.then((how) => reject(new Error(`Ended with ${how}: ${output}`)), reject);
        }),
      leaveOutput() {
        child.stdout.destroy();
        child.stderr.destroy();
      },
      stop: (signal) => {
        // With `child.kill()`, Deno reports the signal whatever the process made of it.
        process.kill(child.pid!, signal);
        return ended;
      },
    });
  } finally {
    clearTimeout(limit);
    child.kill("SIGKILL");
    await ended;
  }
}
