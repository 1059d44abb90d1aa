import type { Subject } from "../case.ts";
import { cases } from "../cases/mod.ts";
import { openCassette } from "../open_cassette.ts";
import { replay } from "../replay.ts";
import { matches } from "../report/pattern.ts";
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

/** Gets a job, runs it, and posts each outcome as soon as there is one. */
export async function runJob(url: string, { load, wire }: Driver): Promise<void> {
  const job: Job = await (await fetch(url)).json();
  const chosen = cases.filter(({ id }) => job.cases.some((pattern) => matches(pattern, id)));
  for (const [index, lane] of job.lanes.entries()) {
    const subject = await load(lane);
    const environment = lane.mode === "wire" ? wire(job.host) : replay(openCassette);
    const posting: Promise<void>[] = [];
    for (const each of chosen) {
      for (const outcome of await runCases([each], subject, environment)) {
        posting.push(post(url, { lane: index, outcome }));
      }
    }
    await Promise.all(posting);
  }
  await fetch(url, { method: "DELETE" });
}

async function post(url: string, posted: Posted): Promise<void> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(posted) });
  await answer.body?.cancel();
}
