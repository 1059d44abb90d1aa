import type { Case, Subject } from "../case.ts";
import { cases } from "../cases/mod.ts";
import { recordedCases } from "../recorded_case.ts";
import { replay } from "../replay.ts";
import { matches } from "../case_pattern.ts";
import type { Column } from "../report/report.ts";
import { runCases } from "../run_cases.ts";
import type { Environment } from "../run_cases.ts";
import type { Job, Posted } from "./job.ts";

/** The platform's `fetch`, taken before any subject can replace it. */
const { fetch } = globalThis;

/** The parts of a driver that depend on the runtime. */
export interface Driver {
  readonly load: (column: Column) => Promise<Subject>;
  /** Creates the environment that responds over sockets. */
  readonly wire: (host: string) => Environment;
}

/** The number of outcomes that are posted at once: few enough that a crash loses few. */
const BATCH = 25;

/** Gets a job, runs it, and posts the outcomes in batches. */
export async function runJob(url: string, { load, wire }: Driver): Promise<void> {
  const job: Job = await (await fetch(url)).json();
  const all = [...cases, ...recordedCases(new Map(Object.entries(job.recordings)))];
  const chosen = all.filter(({ id }) => job.cases.some((pattern) => matches(pattern, id)));
  const quick = chosen.filter(({ waits }) => !waits);
  const slow = chosen.filter(({ waits }) => waits);
  const posting: Promise<void>[] = [];
  const waiting: (() => Promise<void>)[] = [];
  for (const [column, about] of job.columns.entries()) {
    const subject = await load(about);
    const environment = about.mode === "wire" ? wire(job.host) : replay;
    const run = async (some: readonly Case[]) => {
      const outcomes = await runCases(some, subject, environment);
      posting.push(post(url, { column, outcomes }));
    };
    for (let next = 0; next < quick.length; next += BATCH) {
      await run(quick.slice(next, next + BATCH));
    }
    waiting.push(() => run(slow));
  }
  // All columns wait at the same time
  await Promise.all(waiting.map((run) => run()));
  await Promise.all(posting);
}

async function post(url: string, posted: Posted): Promise<void> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(posted) });
  await response.body?.cancel();
}
