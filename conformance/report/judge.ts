import type { Outcome } from "../case.ts";
import { matches } from "../case_pattern.ts";
import type {
  CaseTitle,
  Cell,
  Column,
  Expectation,
  Expectations,
  Report,
  Run,
  RuntimeVersion,
} from "./report.ts";

/** The outcomes of a run, and what was expected of it. */
export interface Evidence {
  readonly date: string;
  readonly runtimes: readonly RuntimeVersion[];
  readonly runs: readonly Run[];
  readonly expectations: Expectations;
  /** The cases that had to run, besides those that ran anywhere. */
  readonly cases?: readonly CaseTitle[];
  /** True if everything was selected, so that every expectation must have been used. */
  readonly complete?: boolean;
}

/** Compares outcomes with the expectations. */
export function judge(evidence: Evidence): Report {
  const { date, runtimes, runs } = evidence;
  const cases = listCases(evidence);
  const columns = [...new Map(runs.map(({ column }) => [keyOf(column), column])).values()];
  const known = new KnownGaps(evidence.expectations);
  const cells = columns.flatMap((column, index) => {
    const mine = runs.filter((run) => keyOf(run.column) === keyOf(column));
    return cases.flatMap(({ id }) => judgeCase(id, column, index, mine, runtimes, known));
  });
  const problems = evidence.complete ? known.unused() : [];
  if (cells.length === 0) problems.push("Nothing ran");
  const own = cells.filter((cell) => columns[cell.column]?.own);
  return {
    version: 1,
    date,
    runtimes,
    columns,
    cases: dropUnusedExchanges(cases, cells),
    cells,
    problems,
    passed: own.filter((cell) => cell.result === "pass" && cell.problem === undefined).length,
    failed: problems.length + cells.filter((cell) => cell.problem !== undefined).length,
  };
}

function keyOf({ subject, sdk, mode }: Column): string {
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

/** Drops the exchanges of cases that failed nowhere: nobody reads them, and they are large. */
function dropUnusedExchanges(cases: readonly CaseTitle[], cells: readonly Cell[]): CaseTitle[] {
  const failed = new Set(cells.filter(({ result }) => result === "fail").map((cell) => cell.case));
  return cases.map(({ exchanges, ...title }) =>
    exchanges && failed.has(title.id) ? { ...title, exchanges } : title
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
  column: Column,
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
    const expected = known.find(runtime, id, column);
    // A column that cannot run gives its reason, and needs no expectation for each case
    const judged = absent === undefined && (column.own || result === "missing");
    const problem = judged ? findProblem(result, expected, elsewhere) : undefined;
    return {
      case: id,
      column: index,
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
  if (result === "missing") return "Did not run, for no known reason";
  if (expected?.expect === result) return undefined;
  if (expected) {
    return `Expected "${expected.expect}" (${expected.reason}), but the result is "${result}"`;
  }
  if (result === "fail") return "Failed unexpectedly";
  if (result === "pass" || elsewhere === undefined) return undefined;
  return `Unexpectedly "${result}" here, though it ran on ${elsewhere}`;
}

/** The expectations, and which of them were used. */
class KnownGaps {
  readonly #all: { runtime: string; id: string; expectation: Expectation }[];
  readonly #used = new Set<Expectation>();

  constructor(expectations: Expectations) {
    this.#all = Object.entries(expectations).flatMap(([runtime, gaps]) =>
      Object.entries(gaps).flatMap(([id, gap]) =>
        [gap].flat().map((expectation) => ({ runtime, id, expectation }))
      )
    );
  }

  find(runtime: string, id: string, column: Column): Expectation | undefined {
    const found = this.#all.find(({ runtime: runtimes, id: ids, expectation }) => {
      const { subject = "*", sdk = "*", mode = "*" } = expectation;
      return matches(runtimes, runtime) && matches(ids, id) && matches(subject, column.subject) &&
        matches(sdk, column.sdk ?? "") && matches(mode, column.mode);
    })?.expectation;
    if (found) this.#used.add(found);
    return found;
  }

  unused(): string[] {
    return this.#all.filter(({ expectation }) => !this.#used.has(expectation)).map(
      ({ runtime, id }) =>
        `The expectation for "${id}" on "${runtime}" applies to no case that ran`,
    );
  }
}
