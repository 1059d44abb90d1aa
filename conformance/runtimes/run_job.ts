import type { Case, Subject } from "../case.ts";
import { cases } from "../cases/mod.ts";
import { recordedCases } from "../recorded_case.ts";
import { replay } from "../replay.ts";
import { matches } from "../case_pattern.ts";
import type { Lane } from "../report/report.ts";
import { runCases } from "../run_cases.ts";
import type { Environment } from "../run_cases.ts";
import type { Job, Posted } from "./job.ts";

/** What a platform's `fetch` was before any subject had the chance to change it. */
const { fetch } = globalThis;

/** What a driver brings along. */
export interface Driver {
  readonly load: (lane: Lane) => Promise<Subject>;
  /** Answers over sockets, by itself or by a host. */
  readonly wire: (host: string) => Environment;
}

/** So many outcomes are posted at once: one by one takes long, and a crash would lose all. */
const TOGETHER = 25;

/** Gets a job, runs it, and posts what came of it, some cases at a time. */
export async function runJob(url: string, { load, wire }: Driver): Promise<void> {
  const job: Job = await (await fetch(url)).json();
  const all = [...cases, ...recordedCases(new Map(Object.entries(job.recordings)))];
  const chosen = all.filter(({ id }) => job.cases.some((pattern) => matches(pattern, id)));
  const quick = chosen.filter(({ waits }) => !waits);
  const slow = chosen.filter(({ waits }) => waits);
  const posting: Promise<void>[] = [];
  const waiting: (() => Promise<void>)[] = [];
  for (const [lane, about] of job.lanes.entries()) {
    const subject = await load(about);
    const environment = about.mode === "wire" ? wire(job.host) : replay;
    const run = async (some: readonly Case[]) => {
      const outcomes = await runCases(some, subject, environment);
      posting.push(post(url, { lane, outcomes }));
    };
    for (let next = 0; next < quick.length; next += TOGETHER) {
      await run(quick.slice(next, next + TOGETHER));
    }
    waiting.push(() => run(slow));
  }
  // Every lane waits as long as one
  await Promise.all(waiting.map((run) => run()));
  await Promise.all(posting);
  await fetch(url, { method: "DELETE" });
}

async function post(url: string, posted: Posted): Promise<void> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(posted) });
  await answer.body?.cancel();
}
