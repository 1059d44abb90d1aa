import type { ShownExchange } from "../case.ts";
import { markOf, marks } from "./matrix.ts";
import type { Mark } from "./matrix.ts";
import { join, markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import type { CaseTitle, Cell, Report } from "./report.ts";

/** Cells that went wrong alike: the same case, in the same way. */
interface Failure {
  readonly id: string;
  readonly cells: readonly Cell[];
}

const told: readonly Mark[] = ["unexpected", "missing", "fail", "known"];

/** The failures of a report, each told once, and the place where each cell's is told. */
export class Failures {
  readonly #report: Report;
  readonly #failures: readonly Failure[];
  readonly #places: ReadonlyMap<Cell, string>;

  constructor(report: Report) {
    const wrong = report.cells.filter((cell) => told.includes(markOf(cell)));
    const alike = Map.groupBy(wrong, ({ lane, ...cell }) => {
      const subject = report.lanes[lane]?.subject;
      return JSON.stringify([subject, cell.case, markOf({ lane, ...cell }), cell.reason]);
    });
    this.#report = report;
    this.#failures = [...alike.values()].map((cells, index) => ({ id: `failure-${index}`, cells }));
    this.#places = new Map(
      this.#failures.flatMap(({ id, cells }) => cells.map((cell) => [cell, id])),
    );
  }

  /** The anchor of what is told about the first of these cells that went wrong. */
  placeOf(cells: readonly Cell[]): string | undefined {
    return cells.map((cell) => this.#places.get(cell)).find((place) => place !== undefined);
  }

  /** Everything that went wrong, in order. */
  markup(): Markup {
    return join(this.#failures.map((failure) => this.#tell(failure)));
  }

  #tell({ id, cells }: Failure): Markup {
    const { lanes, cases } = this.#report;
    const cell = cells[0]!;
    const title = cases.find((each) => each.id === cell.case);
    const mark = markOf(cell);
    const subject = lanes[cell.lane]!.subject;
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
                <div><h4>Happened</h4><pre>${happened(cell)}</pre></div>
              </div>
            </article>
    `;
  }

  #whereOf(cells: readonly Cell[]): string {
    const lanes = Map.groupBy(cells, (cell) => this.#report.lanes[cell.lane]!);
    return [...lanes].map(([{ mode, sdk }, cells]) => {
      const client = sdk === undefined ? "" : ` with openai ${sdk}`;
      return `${mode}${client} on ${cells.map((cell) => cell.runtime).join(", ")}`;
    }).join("; ");
  }
}

function expectedOf(title: CaseTitle | undefined): string {
  if (title === undefined) return "Nothing is known of the case.";
  const { source, own, answeredBy, exchanges = [] } = title;
  return [
    title.title,
    [
      `Source: ${source}`,
      ...(own ? ["Only this project makes this rule."] : []),
      ...(answeredBy === undefined ? [] : [`Answered by ${answeredBy}.`]),
    ].join("\n"),
    ...exchanges.map(written),
  ].join("\n\n");
}

function happened({ result, reason, sent }: Cell): string {
  const exchanges = sent.length === 0 ? ["No request was sent."] : sent.map(written);
  return [reason ?? `The result is "${result}".`, ...exchanges].join("\n\n");
}

/** An exchange as it would be read on the wire, the answer after a line of its own. */
function written({ method, url, headers, body, answer }: ShownExchange): string {
  const request = [`> ${method} ${url}`, ...lines(headers), ...(body ? ["", body] : [])];
  if (!answer) return [...request, "", "< no answer"].join("\n");
  const told = [`< ${answer.status}`, ...lines(answer.headers)];
  return [...request, "", ...told, ...(answer.body ? ["", answer.body] : [])].join("\n");
}

function lines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
