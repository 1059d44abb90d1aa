import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { plain } from "../cli/plain.ts";
import type { TestReport } from "../tools/test_report.ts";
import { matches } from "./case_pattern.ts";
import { cases } from "./cases/mod.ts";
import { CASSETTES } from "./cassettes/mod.ts";
import { recordedCases } from "./recorded_case.ts";
import { recordings } from "./recordings.ts";
import { caseTitle } from "./report/case_title.ts";
import { judge } from "./report/judge.ts";
import type { Report, Run } from "./report/report.ts";
import { type Target, targetNames } from "./runtimes/targets.ts";
import { bundle } from "./runtimes/bundle.ts";
import { columnsOf, type Plan, plans, sdkNames } from "./runtimes/columns.ts";
import { type Hub, startHub } from "./runtimes/hub.ts";
import { start } from "./runtimes/start.ts";

/** Selects what to run. */
export interface Choice {
  readonly targets: readonly Target[];
  readonly subjects: readonly string[];
  /** Versions of the client. */
  readonly sdks: readonly string[];
  readonly modes: readonly string[];
  /** Patterns of case ids. */
  readonly cases: readonly string[];
}

/** The recorded exchanges of `MANTLE_RECORDINGS`, if it is set. */
export const recorded = recordings(Deno.env.get("MANTLE_RECORDINGS"))?.cassettes;

/** Every case: those of the suite, and one for each recorded exchange. */
export const allCases = [...cases, ...recordedCases(recorded ?? new Map())];

/** The ways to respond to cases. */
export const modeNames = ["replay", "wire"];

/** Every subject, version, mode and case. */
export const everything: Omit<Choice, "targets"> = {
  subjects: plans.map(({ subject }) => subject),
  sdks: sdkNames,
  modes: modeNames,
  cases: ["*"],
};

/** Runs a matrix that is prepared, and calls back with a line for each process that has ended. */
export type RunMatrix = (progress?: (line: string) => void) => Promise<Report>;

/** Bundles the drivers that a matrix needs, and returns a function that runs it once. */
export async function prepareMatrix(choice: Choice, testReport: TestReport): Promise<RunMatrix> {
  if (!recorded) testReport.note("MANTLE_RECORDINGS is not set: no recorded exchange is a case");
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  await bundleDrivers(choice.targets, folder);
  return async (progress = () => {}) => {
    const hub = startHub(join(folder, "browser.js"), recorded ?? new Map());
    try {
      const runs = await runJobs(choice, hub, folder, testReport, progress);
      return await judgeRuns(choice, runs);
    } finally {
      await hub.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
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

/** Runs every subject on every runtime. Those that need the same there share a process. */
async function runJobs(
  { targets, subjects, sdks, modes, cases }: Choice,
  hub: Hub,
  folder: string,
  testReport: TestReport,
  progress: (line: string) => void,
): Promise<Run[]> {
  const chosen = plans.filter(({ subject }) => subjects.includes(subject));
  const jobs = targets.flatMap((target) =>
    sharing(chosen, target).map((group) => ({ target, group }))
  );
  let ended = 0;
  const running = jobs.map(async ({ target, group }): Promise<Run[]> => {
    const runtime = target.name;
    const columns = (await Promise.all(group.map((plan) => columnsOf(plan, sdks, modes)))).flat();
    const isAbsent = !hasProcess(target) && group.every(({ needsProcess }) => needsProcess);
    if (isAbsent) {
      ended++;
      const reasons = new Map(group.map(({ subject, needsProcess }) => [subject, needsProcess]));
      return columns.map((column) => ({
        runtime,
        column,
        outcomes: [],
        absent: reasons.get(column.subject),
      }));
    }
    const job = hub.open({ columns, cases });
    const permissions = group[0]?.permissions ?? [];
    const { ok, output, seconds } = await start(target, job, permissions, folder);
    const title = `${group.map(({ subject }) => `"${subject}"`).join(", ")} on ${runtime}`;
    progress(`${++ended}/${jobs.length}  ${title} (${seconds.toFixed(1)} s)`);
    if (!ok) testReport.record(title, { passed: 0, failed: 1, output: plain(output, "\n\t") });
    return columns.map((column, index) => ({
      runtime,
      column,
      outcomes: job.posted.filter(({ column }) => column === index)
        .flatMap(({ outcomes }) => outcomes),
    }));
  });
  const runs = (await Promise.all(running)).flat();
  const placeOf = ({ column }: Run) => plans.findIndex(({ subject }) => subject === column.subject);
  return runs.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** Groups the plans that can share a process: starting one takes as long as many cases. */
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

async function judgeRuns(choice: Choice, runs: readonly Run[]): Promise<Report> {
  const { targets, subjects, sdks, modes, cases } = choice;
  const isComplete = targets.length === targetNames.length && cases.includes("*") &&
    subjects.length === everything.subjects.length && sdks.length === everything.sdks.length &&
    modes.length === everything.modes.length;
  return judge({
    date: new Date().toISOString(),
    runtimes: targets,
    runs,
    cases: allCases.filter(({ id }) => cases.some((pattern) => matches(pattern, id)))
      .map((test) => caseTitle(test, CASSETTES)),
    expectations: JSON.parse(await readFile("conformance/expectations.json", "utf8")),
    complete: isComplete,
  });
}
