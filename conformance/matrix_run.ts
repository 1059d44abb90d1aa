import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Ledger } from "../tools/ledger.ts";
import type { Cassette } from "./cassette.ts";
import type { Run } from "./report/report.ts";
import type { Target } from "./runtimes/at_hand.ts";
import { bundle } from "./runtimes/bundle.ts";
import { startHub } from "./runtimes/hub.ts";
import type { Hub } from "./runtimes/hub.ts";
import { lanesOf, plans } from "./runtimes/lanes.ts";
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

/** Runs every subject on every runtime, each pair in a process of its own. */
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
  const pairs = targets.flatMap((target) => chosen.map((plan) => ({ target, plan })));
  let ended = 0;
  const running = pairs.map(async ({ target, plan }): Promise<Run[]> => {
    const runtime = target.name;
    const lanes = await lanesOf(plan, sdks, modes);
    const hasProcess = runtime !== "chromium" && !runtime.startsWith("workerd");
    if (!hasProcess && plan.needsProcess !== undefined) {
      ended++;
      return lanes.map((lane) => ({ runtime, lane, outcomes: [], absent: plan.needsProcess }));
    }
    const job = hub.open({ lanes, cases });
    const { ok, output, seconds } = await start(target, job, plan.permissions, folder);
    progress(`${++ended}/${pairs.length}  ${plan.subject} on ${runtime} (${seconds.toFixed(1)} s)`);
    if (!ok) ledger.record(`${plan.subject} on ${runtime}`, { passed: 0, failed: 1, output });
    return lanes.map((lane, index) => ({
      runtime,
      lane,
      outcomes: job.posted.filter(({ lane }) => lane === index).flatMap(({ outcomes }) => outcomes),
    }));
  });
  return (await Promise.all(running)).flat();
}
