import type { CaseTitle, Cell, Column, Report } from "./report.ts";

/** The mark of a cell. */
export type Mark = "unexpected" | "missing" | "fail" | "known" | "not offered" | "pass";

/** The marks, worst first, with their meanings. */
export const marks: Readonly<Record<Mark, { symbol: string; meaning: string }>> = {
  unexpected: { symbol: "!", meaning: "differs from the expectations" },
  missing: { symbol: "?", meaning: "did not run, for no known reason" },
  fail: { symbol: "✗", meaning: "fails" },
  known: { symbol: "x", meaning: "fails, as expected" },
  "not offered": { symbol: "–", meaning: "not offered by the subject or the runtime" },
  pass: { symbol: "✓", meaning: "passes" },
};

/** A place in a table: a case on a runtime, with all versions of the client. */
export interface Place {
  readonly runtime: string;
  readonly mark: Mark;
  readonly cells: readonly Cell[];
  /** The share of cells with this mark, if not all have it. */
  readonly share: string;
}

/** A row of a table: a case, and its place on each runtime. */
export interface Row {
  readonly case: CaseTitle;
  readonly places: readonly Place[];
}

/** A table: a subject in one mode, with all versions of the client. */
export interface Table {
  readonly subject: string;
  readonly mode: string;
  readonly own: boolean;
  readonly sdks: readonly string[];
  readonly rows: readonly Row[];
}

/** Returns the mark of a cell. */
export function markOf({ result, expected, problem }: Cell): Mark {
  if (result === "missing") return "missing";
  if (result === "fail") return expected && problem === undefined ? "known" : "fail";
  return problem === undefined ? result : "unexpected";
}

/** Arranges a report into tables. */
export function tablesOf({ columns, cases, cells, runtimes }: Report): Table[] {
  const titleOf = ({ subject, mode }: Column) => JSON.stringify([subject, mode]);
  const cellsOf = Map.groupBy(cells, (cell) => {
    return `${titleOf(columns[cell.column]!)} ${cell.runtime} ${cell.case}`;
  });
  return [...Map.groupBy(columns, titleOf)].map(([title, columns]) => ({
    subject: columns[0]!.subject,
    mode: columns[0]!.mode,
    own: columns[0]!.own,
    sdks: columns.map((column) => column.sdk).filter((sdk) => sdk !== undefined),
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

/** Returns the topic of a case: its id up to the first slash. */
export function topicOf(id: string): string {
  return id.slice(0, Math.max(id.indexOf("/"), 0)) || id;
}
