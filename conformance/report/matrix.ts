import type { CaseTitle, Cell, Lane, Report } from "./report.ts";

/** How a cell is shown. */
export type Mark = "unexpected" | "missing" | "fail" | "known" | "not offered" | "pass";

/** The marks, worst first, and what each means. */
export const marks: Readonly<Record<Mark, { symbol: string; meaning: string }>> = {
  unexpected: { symbol: "!", meaning: "went otherwise than the expectations say" },
  missing: { symbol: "?", meaning: "did not run, and nothing says why" },
  fail: { symbol: "✗", meaning: "does not hold" },
  known: { symbol: "x", meaning: "does not hold, which is known" },
  "not offered": { symbol: "–", meaning: "not offered by the subject or the runtime" },
  pass: { symbol: "✓", meaning: "holds" },
};

/** One place of a table: a case on a runtime, with each version of the client. */
export interface Place {
  readonly runtime: string;
  readonly mark: Mark;
  readonly cells: readonly Cell[];
  /** How many of the cells have this mark, where not all do. */
  readonly share: string;
}

/** A case, and its place on each runtime. */
export interface Row {
  readonly case: CaseTitle;
  readonly places: readonly Place[];
}

/** What is shown as one table: a subject in one mode, all versions of the client together. */
export interface Table {
  readonly subject: string;
  readonly mode: string;
  readonly own: boolean;
  readonly sdks: readonly string[];
  readonly rows: readonly Row[];
}

/** Says how a cell is shown. */
export function markOf({ result, expected, problem }: Cell): Mark {
  if (result === "missing") return "missing";
  if (result === "fail") return expected && problem === undefined ? "known" : "fail";
  return problem === undefined ? result : "unexpected";
}

/** Arranges a report into tables. */
export function tablesOf({ lanes, cases, cells, runtimes }: Report): Table[] {
  const titleOf = ({ subject, mode }: Lane) => JSON.stringify([subject, mode]);
  const cellsOf = Map.groupBy(cells, (cell) => {
    return `${titleOf(lanes[cell.lane]!)} ${cell.runtime} ${cell.case}`;
  });
  return [...Map.groupBy(lanes, titleOf)].map(([title, lanes]) => ({
    subject: lanes[0]!.subject,
    mode: lanes[0]!.mode,
    own: lanes[0]!.own,
    sdks: lanes.map((lane) => lane.sdk).filter((sdk) => sdk !== undefined),
    rows: cases.map((each) => ({
      case: each,
      places: runtimes.map(({ name }) =>
        placeOf(name, cellsOf.get(`${title} ${name} ${each.id}`) ?? [])
      ),
    })),
  }));
}

function placeOf(runtime: string, cells: readonly Cell[]): Place {
  const found = cells.map(markOf);
  const mark = (Object.keys(marks) as Mark[]).find((mark) => found.includes(mark)) ?? "missing";
  const count = found.filter((each) => each === mark).length;
  return { runtime, mark, cells, share: count < cells.length ? `${count}/${cells.length}` : "" };
}

/** The topic of a case: its id up to the last slash. */
export function topicOf(id: string): string {
  return id.slice(0, Math.max(id.indexOf("/"), 0)) || id;
}
