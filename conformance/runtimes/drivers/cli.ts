/** Runs a job on Deno, Node or Bun. The URL of the job is the only argument. */
import { overSockets } from "../../over_sockets.ts";
import { loadSubject } from "../load.ts";
import { runJob } from "../run_job.ts";

const [job] = (globalThis as { Deno?: { args: string[] } }).Deno?.args ??
  (await import("node:process")).argv.slice(2);
if (job === undefined) throw new TypeError("The URL of a job is missing");
await runJob(job, { load: loadSubject, wire: () => overSockets });
