import { marks, tablesOf, topicOf } from "./matrix.ts";
import type { Place, Row, Table } from "./matrix.ts";
import { plain } from "../../cli/plain.ts";
import type { Report } from "./report.ts";

const WIDTH = 100;

/** The width of a mark with its share. */
const MARK_WIDTH = 5;

/** Formats a report as text: a table for each subject, then each problem in a line or two. */
export function formatText(report: Report): string {
  const tables = tablesOf(report);
  const width = Math.max(20, ...report.cases.map(({ id }) => id.length + 1)) + 2;
  const problems = formatProblems(report);
  return [
    ...tables.flatMap((table) => [...formatTable(table, report, width), ""]),
    Object.values(marks).map(({ symbol, meaning }) => `${symbol} ${meaning}`).join("\n"),
    "* a rule of this project only",
    ...(problems ? ["", problems] : []),
  ].join("\n");
}

/** Formats each problem as a line or two. */
export function formatProblems(report: Report): string {
  return [...report.problems, ...describeProblems(report)].map((line) => `!  ${plain(line)}`)
    .join("\n");
}

function formatTable(table: Table, { runtimes, columns }: Report, width: number): string[] {
  const sdks = table.sdks.length > 0 ? ` with openai ${table.sdks.join(", ")}` : "";
  const heads = runtimes.map(({ name }) => plain(name));
  const line = (title: string, places: readonly string[]) =>
    plain(title).padEnd(width) +
    places.map((place, index) => place.padEnd(Math.max(heads[index]!.length, MARK_WIDTH) + 2)).join(
      "",
    )
      .trimEnd();
  // Other subjects are summed up next to our own; the page has more
  const inFull = table.own || !columns.some((column) => column.own);
  const topics = Map.groupBy(table.rows, (row) => topicOf(row.case.id));
  return [
    line(`${table.subject}, ${table.mode}${sdks}`, []),
    line("", heads),
    ...[...topics].flatMap(([topic, rows]) => {
      const title = `${topic}/* (${rows.length})`;
      if (!inFull) return [line(title, heads.map((_, index) => countOf(rows, index)))];
      const lines = rows.map(({ places }) => places.map(symbolOf));
      // Identical rows are shown as one
      if (rows.length > 1 && new Set(lines.map(String)).size === 1) return [line(title, lines[0]!)];
      return rows.map((row, index) => line(row.case.id + (row.case.own ? "*" : ""), lines[index]!));
    }),
  ];
}

function countOf(rows: readonly Row[], index: number): string {
  const found = rows.map(({ places }) => places[index]!.mark).filter((mark) =>
    mark !== "not offered"
  );
  if (found.length === 0) return marks["not offered"].symbol;
  return `${found.filter((mark) => mark === "pass").length}/${found.length}`;
}

function symbolOf({ mark, share }: Place): string {
  return marks[mark].symbol + (share && ` ${share}`);
}

/** Describes each way in which a case failed once; the page has more. */
function describeProblems({ cells, columns }: Report): string[] {
  const failed = cells.filter((cell) => cell.problem !== undefined);
  const groups = Map.groupBy(failed, ({ case: id, problem, reason }) => {
    return JSON.stringify([id, problem, reason]);
  });
  return [...groups.values()].map((cells) => {
    const { case: id, column, problem, reason } = cells[0]!;
    const { subject, mode } = columns[column]!;
    const where = [...new Set(cells.map((cell) => cell.runtime))].join(", ");
    const more = cells.some((cell) => cell.column !== column) ? " and more" : "";
    const text = [problem, reason].filter((text) => text !== undefined).join(": ");
    return `${id} (${subject}${more}, ${mode}; ${where}): ${shorten(text)}`;
  });
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 3 * WIDTH ? `${line.slice(0, 3 * WIDTH)}…` : line;
}
