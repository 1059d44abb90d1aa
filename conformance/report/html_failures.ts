import type { ShownExchange } from "../case.ts";
import { markOf, marks } from "./matrix.ts";
import type { Mark } from "./matrix.ts";
import { join, markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import type { CaseTitle, Cell, Report } from "./report.ts";

/** Cells of the same case that failed in the same way. */
interface Failure {
  readonly id: string;
  readonly cells: readonly Cell[];
}

const FAILURES: readonly Mark[] = ["unexpected", "missing", "fail", "known"];

/** The failures of a report, each described once, and the anchors of the descriptions. */
export class Failures {
  readonly #report: Report;
  readonly #failures: readonly Failure[];
  readonly #anchors: ReadonlyMap<Cell, string>;

  constructor(report: Report) {
    const failed = report.cells.filter((cell) => FAILURES.includes(markOf(cell)));
    const groups = Map.groupBy(failed, ({ column, ...cell }) => {
      const subject = report.columns[column]?.subject;
      return JSON.stringify([subject, cell.case, markOf({ column, ...cell }), cell.reason]);
    });
    this.#report = report;
    this.#failures = [...groups.values()].map((cells, index) => ({
      id: `failure-${index}`,
      cells,
    }));
    this.#anchors = new Map(
      this.#failures.flatMap(({ id, cells }) => cells.map((cell) => [cell, id])),
    );
  }

  /** Returns the anchor of the first of these cells that failed. */
  anchorOf(cells: readonly Cell[]): string | undefined {
    return cells.map((cell) => this.#anchors.get(cell)).find((place) => place !== undefined);
  }

  /** Formats all failures in order. */
  markup(): Markup {
    return join(this.#failures.map((failure) => this.#format(failure)));
  }

  #format({ id, cells }: Failure): Markup {
    const { columns, cases } = this.#report;
    const cell = cells[0]!;
    const title = cases.find((each) => each.id === cell.case);
    const mark = markOf(cell);
    const subject = columns[cell.column]!.subject;
    const notes = [
      ...new Set(cells.flatMap((cell) => cell.problem ?? cell.expected?.reason ?? [])),
    ];
    return markup`
      <article id="${id}" class="is-${mark.replace(" ", "-")}">
              <h3>${marks[mark].symbol} ${subject}: <code>${cell.case}</code></h3>
              <p class="soft">${this.#whereOf(cells)}</p>
              ${join(notes.map((note) => markup`<p>${note}</p>`))}
              <div class="sides">
                <div><h4>Expected</h4><pre>${expectedOf(title)}</pre></div>
                <div><h4>Actual</h4><pre>${actualOf(cell)}</pre></div>
              </div>
            </article>
    `;
  }

  #whereOf(cells: readonly Cell[]): string {
    const columns = Map.groupBy(cells, (cell) => this.#report.columns[cell.column]!);
    return [...columns].map(([{ mode, sdk }, cells]) => {
      const client = sdk === undefined ? "" : ` with openai ${sdk}`;
      return `${mode}${client} on ${cells.map((cell) => cell.runtime).join(", ")}`;
    }).join("; ");
  }
}

function expectedOf(title: CaseTitle | undefined): string {
  if (title === undefined) return "The case is unknown.";
  const { source, own, responder, exchanges = [] } = title;
  return [
    title.title,
    [
      `Source: ${source}`,
      ...(own ? ["This is a rule of this project only."] : []),
      ...(responder === undefined ? [] : [`Responder: ${responder}`]),
    ].join("\n"),
    ...exchanges.map(formatExchange),
  ].join("\n\n");
}

function actualOf({ result, reason, sent }: Cell): string {
  const exchanges = sent.length === 0 ? ["No request was sent."] : sent.map(formatExchange);
  return [reason ?? `The result is "${result}".`, ...exchanges].join("\n\n");
}

/** Formats an exchange as on the wire. */
function formatExchange({ method, url, headers, body, response }: ShownExchange): string {
  const request = [`> ${method} ${url}`, ...lines(headers), ...(body ? ["", body] : [])];
  if (!response) return [...request, "", "< no response"].join("\n");
  const head = [`< ${response.status}`, ...lines(response.headers)];
  return [...request, "", ...head, ...(response.body ? ["", response.body] : [])].join("\n");
}

function lines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
