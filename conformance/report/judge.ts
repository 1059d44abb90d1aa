import type { Outcome } from "../case.ts";
import { matches } from "../case_pattern.ts";
import type {
  CaseTitle,
  Cell,
  Expectation,
  Expectations,
  Lane,
  Report,
  Run,
  RuntimeVersion,
} from "./report.ts";

/** What is judged. */
export interface Evidence {
  readonly date: string;
  readonly runtimes: readonly RuntimeVersion[];
  readonly runs: readonly Run[];
  readonly expectations: Expectations;
  /** The cases that had to run; those that ran anywhere had to run everywhere besides. */
  readonly cases?: readonly CaseTitle[];
  /** Whether nothing was left out by choice, so that each expectation must have been met. */
  readonly complete?: boolean;
}

/** Compares what happened with what had to, and with what is known not to work. */
export function judge(evidence: Evidence): Report {
  const { date, runtimes, runs } = evidence;
  const cases = listCases(evidence);
  const lanes = [...new Map(runs.map(({ lane }) => [keyOf(lane), lane])).values()];
  const known = new KnownGaps(evidence.expectations);
  const cells = lanes.flatMap((lane, index) => {
    const mine = runs.filter((run) => keyOf(run.lane) === keyOf(lane));
    return cases.flatMap(({ id }) => judgeCase(id, lane, index, mine, runtimes, known));
  });
  const problems = evidence.complete ? known.unmet() : [];
  if (cells.length === 0) problems.push("Nothing ran");
  const own = cells.filter((cell) => lanes[cell.lane]?.own);
  return {
    version: 1,
    date,
    runtimes,
    lanes,
    cases: withoutIdleExchanges(cases, cells),
    cells,
    problems,
    passed: own.filter((cell) => cell.result === "pass" && cell.problem === undefined).length,
    failed: problems.length + cells.filter((cell) => cell.problem !== undefined).length,
  };
}

function keyOf({ subject, sdk, mode }: Lane): string {
  return JSON.stringify([subject, sdk, mode]);
}

function listCases({ cases = [], runs }: Evidence): CaseTitle[] {
  const ran = runs.flatMap((run) => run.outcomes);
  const titles = [
    ...cases,
    ...ran.map(({ id, title, source, own }) => ({ id, title, source, own })),
  ];
  return [...Map.groupBy(titles, ({ id }) => id).values()].flatMap((alike) => alike.slice(0, 1));
}

/** Of a case that holds everywhere, nobody needs the exchanges, and they are most of the bytes. */
function withoutIdleExchanges(cases: readonly CaseTitle[], cells: readonly Cell[]): CaseTitle[] {
  const wrong = new Set(cells.filter(({ result }) => result === "fail").map((cell) => cell.case));
  return cases.map(({ exchanges, ...title }) =>
    exchanges && wrong.has(title.id) ? { ...title, exchanges } : title
  );
}

const byId = new WeakMap<Run, ReadonlyMap<string, Outcome>>();

function outcomesOf(run: Run): ReadonlyMap<string, Outcome> {
  const found = byId.get(run) ?? new Map(run.outcomes.map((outcome) => [outcome.id, outcome]));
  byId.set(run, found);
  return found;
}

function judgeCase(
  id: string,
  lane: Lane,
  index: number,
  runs: readonly Run[],
  runtimes: readonly RuntimeVersion[],
  known: KnownGaps,
): Cell[] {
  const ran = (outcome: Outcome | undefined) =>
    outcome?.result === "pass" || outcome?.result === "fail";
  const find = (run: Run | undefined) => run && outcomesOf(run).get(id);
  const elsewhere = runs.find((run) => ran(find(run)))?.runtime;
  return runtimes.map(({ name: runtime }): Cell => {
    const run = runs.find((run) => run.runtime === runtime);
    const outcome = find(run);
    const absent = outcome === undefined ? run?.absent : undefined;
    const result = outcome?.result ?? (absent === undefined ? "missing" : "not offered");
    const expected = known.find(runtime, id, lane);
    // What can't be loaded at all says why, and needs no expectation for each case
    const judged = absent === undefined && (lane.own || result === "missing");
    const problem = judged ? findProblem(result, expected, elsewhere) : undefined;
    return {
      case: id,
      lane: index,
      runtime,
      result,
      reason: outcome?.reason ?? absent,
      ...(expected && { expected }),
      ...(problem !== undefined && { problem }),
      milliseconds: outcome?.milliseconds ?? 0,
      sent: outcome?.sent ?? [],
    };
  });
}

function findProblem(
  result: Cell["result"],
  expected: Expectation | undefined,
  elsewhere: string | undefined,
): string | undefined {
  if (result === "missing") return "Did not run here, and nothing says why";
  if (expected?.expect === result) return undefined;
  if (expected) {
    return `Expected "${expected.expect}" (${expected.reason}), but the result is "${result}"`;
  }
  if (result === "fail") return "Failed, and no expectation says so";
  if (result === "pass" || elsewhere === undefined) return undefined;
  return `Ran on ${elsewhere} but is "${result}" here, and no expectation says so`;
}

/** The expectations, and which of them something has met. */
class KnownGaps {
  readonly #all: { runtime: string; id: string; expectation: Expectation }[];
  readonly #met = new Set<Expectation>();

  constructor(expectations: Expectations) {
    this.#all = Object.entries(expectations).flatMap(([runtime, gaps]) =>
      Object.entries(gaps).flatMap(([id, gap]) =>
        [gap].flat().map((expectation) => ({ runtime, id, expectation }))
      )
    );
  }

  find(runtime: string, id: string, lane: Lane): Expectation | undefined {
    const found = this.#all.find(({ runtime: runtimes, id: ids, expectation }) => {
      const { subject = "*", sdk = "*", mode = "*" } = expectation;
      return matches(runtimes, runtime) && matches(ids, id) && matches(subject, lane.subject) &&
        matches(sdk, lane.sdk ?? "") && matches(mode, lane.mode);
    })?.expectation;
    if (found) this.#met.add(found);
    return found;
  }

  unmet(): string[] {
    return this.#all.filter(({ expectation }) => !this.#met.has(expectation)).map(
      ({ runtime, id }) => `The expectation for "${id}" on "${runtime}" concerns no case that ran`,
    );
  }
}
