import { marks, tablesOf, topicOf } from "./matrix.ts";
import type { Place, Row, Table } from "./matrix.ts";
import { plain } from "../../cli/plain.ts";
import type { Report } from "./report.ts";

const WIDTH = 100;

/** The characters of a mark with its share. */
const SHARE = 5;

/** Shows a report as text: a table for each subject, then each problem in a line or two. */
export function formatText(report: Report): string {
  const tables = tablesOf(report);
  const width = Math.max(20, ...report.cases.map(({ id }) => id.length + 1)) + 2;
  const problems = [...report.problems, ...describeProblems(report)].map((line) =>
    `!  ${plain(line)}`
  );
  return [
    ...tables.flatMap((table) => [...formatTable(table, report, width), ""]),
    Object.values(marks).map(({ symbol, meaning }) => `${symbol} ${meaning}`).join("\n"),
    "* a rule that only this project made",
    ...(problems.length > 0 ? ["", ...problems] : []),
  ].join("\n");
}

function formatTable(table: Table, { runtimes, lanes }: Report, width: number): string[] {
  const sdks = table.sdks.length > 0 ? ` with openai ${table.sdks.join(", ")}` : "";
  const heads = runtimes.map(({ name }) => plain(name));
  const line = (title: string, places: readonly string[]) =>
    plain(title).padEnd(width) +
    places.map((place, index) => place.padEnd(Math.max(heads[index]!.length, SHARE) + 2)).join("")
      .trimEnd();
  // Others are summed up beside our own; the page tells more
  const inFull = table.own || !lanes.some((lane) => lane.own);
  const topics = Map.groupBy(table.rows, (row) => topicOf(row.case.id));
  return [
    line(`${table.subject}, ${table.mode}${sdks}`, []),
    line("", heads),
    ...[...topics].flatMap(([topic, rows]) => {
      const title = `${topic}/* (${rows.length})`;
      if (!inFull) return [line(title, heads.map((_, index) => countOf(rows, index)))];
      const lines = rows.map(({ places }) => places.map(symbolOf));
      // Rows that all look alike say no more than one
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

/** One entry for each way in which a case went wrong; the page tells more, of others as well. */
function describeProblems({ cells, lanes }: Report): string[] {
  const wrong = cells.filter((cell) => cell.problem !== undefined);
  const alike = Map.groupBy(wrong, ({ case: id, problem, reason }) => {
    return JSON.stringify([id, problem, reason]);
  });
  return [...alike.values()].map((cells) => {
    const { case: id, lane, problem, reason } = cells[0]!;
    const { subject, mode } = lanes[lane]!;
    const where = [...new Set(cells.map((cell) => cell.runtime))].join(", ");
    const more = cells.some((cell) => cell.lane !== lane) ? " and more" : "";
    const said = [problem, reason].filter((text) => text !== undefined).join(": ");
    return `${id} (${subject}${more}, ${mode}; ${where}): ${shorten(said)}`;
  });
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 3 * WIDTH ? `${line.slice(0, 3 * WIDTH)}…` : line;
}
