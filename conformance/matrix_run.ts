import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { plain } from "../cli/plain.ts";
import type { Ledger } from "../tools/ledger.ts";
import type { Cassette } from "./cassette.ts";
import type { Run } from "./report/report.ts";
import type { Target } from "./runtimes/at_hand.ts";
import { bundle } from "./runtimes/bundle.ts";
import { startHub } from "./runtimes/hub.ts";
import type { Hub } from "./runtimes/hub.ts";
import { lanesOf, type Plan, plans } from "./runtimes/lanes.ts";
import { start } from "./runtimes/start.ts";

/** What is to be run. */
export interface Choice {
  readonly targets: readonly Target[];
  /** Names of subjects. */
  readonly subjects: readonly string[];
  /** Versions of the client. */
  readonly sdks: readonly string[];
  readonly modes: readonly string[];
  /** Patterns of case ids. */
  readonly cases: readonly string[];
  /** Recorded exchanges, by name. */
  readonly recordings: ReadonlyMap<string, Cassette>;
}

/** Runs every subject on every runtime. Those that need the same there share a process. */
export async function runMatrix(
  choice: Choice,
  ledger: Ledger,
  progress: (line: string) => void,
): Promise<Run[]> {
  const folder = await Deno.makeTempDir({ prefix: "conformance-" });
  try {
    await bundleDrivers(choice.targets, folder);
    const page = join(folder, "browser.js");
    const hub = startHub(() => Deno.readTextFileSync(page), choice.recordings);
    try {
      return await runPairs(choice, hub, folder, ledger, progress);
    } finally {
      await hub.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundleDrivers(targets: readonly Target[], folder: string): Promise<void> {
  const conditions = { workerd: ["workerd", "worker", "browser"], browser: ["browser"] };
  await Promise.all(
    Object.entries(conditions).map(async ([driver, conditions]) => {
      const kind = driver === "browser" ? "chromium" : driver;
      if (!targets.some(({ name }) => name.startsWith(kind))) return;
      const entry = resolve(`conformance/runtimes/drivers/${driver}.ts`);
      await bundle(entry, join(folder, `${driver}.js`), conditions);
    }),
  );
}

async function runPairs(
  { targets, subjects, sdks, modes, cases }: Choice,
  hub: Hub,
  folder: string,
  ledger: Ledger,
  progress: (line: string) => void,
): Promise<Run[]> {
  const chosen = plans.filter(({ subject }) => subjects.includes(subject));
  const jobs = targets.flatMap((target) =>
    sharing(chosen, target).map((group) => ({ target, group }))
  );
  let ended = 0;
  const running = jobs.map(async ({ target, group }): Promise<Run[]> => {
    const runtime = target.name;
    const lanes = (await Promise.all(group.map((plan) => lanesOf(plan, sdks, modes)))).flat();
    const isAbsent = !hasProcess(target) && group.every(({ needsProcess }) => needsProcess);
    if (isAbsent) {
      ended++;
      const reasons = new Map(group.map(({ subject, needsProcess }) => [subject, needsProcess]));
      return lanes.map((lane) => ({
        runtime,
        lane,
        outcomes: [],
        absent: reasons.get(lane.subject),
      }));
    }
    const job = hub.open({ lanes, cases });
    const permissions = group[0]?.permissions ?? [];
    const { ok, output, seconds } = await start(target, job, permissions, folder);
    const title = `${group.map(({ subject }) => `"${subject}"`).join(", ")} on ${runtime}`;
    progress(`${++ended}/${jobs.length}  ${title} (${seconds.toFixed(1)} s)`);
    if (!ok) ledger.record(title, { passed: 0, failed: 1, output: plain(output, "\n\t") });
    return lanes.map((lane, index) => ({
      runtime,
      lane,
      outcomes: job.posted.filter(({ lane }) => lane === index).flatMap(({ outcomes }) => outcomes),
    }));
  });
  const runs = (await Promise.all(running)).flat();
  const placeOf = ({ lane }: Run) => plans.findIndex(({ subject }) => subject === lane.subject);
  return runs.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** Starting a runtime and loading the clients takes as long as many cases. */
function sharing(plans: readonly Plan[], target: Target): Plan[][] {
  const needs = ({ needsProcess, permissions }: Plan) => {
    if (target.name === "deno") return permissions.join();
    return String(needsProcess !== undefined && !hasProcess(target));
  };
  return [...Map.groupBy(plans, needs).values()];
}

function hasProcess({ name }: Target): boolean {
  return name !== "chromium" && !name.startsWith("workerd");
}
