import { Failures } from "./html_failures.ts";
import { style } from "./html_style.ts";
import { marks, tablesOf, topicOf } from "./matrix.ts";
import type { Place, Row, Table } from "./matrix.ts";
import { join, Markup, markup } from "./markup.ts";
import type { Report, RuntimeVersion } from "./report.ts";

/** Formats a report as a self-contained page without scripts. */
export function formatHtml(report: Report): string {
  const failures = new Failures(report);
  const { date, runtimes, passed, failed, problems } = report;
  const details = failures.markup();
  const tables = tablesOf(report);
  return markup`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="referrer" content="no-referrer">
        <link rel="icon" href="data:,">
        <title>Conformance: ${passed} passed, ${failed} failed</title>
        <style>${new Markup(style)}</style>
      </head>
      <body>
    <h1>Conformance of OpenAI clients on Bedrock Mantle</h1>
    <p><b class="${overall(report)}">${passed} passed, ${failed} failed</b>
    <span class="soft">by this project's subjects · ${minuteOf(date)} ·
    ${runtimes.map(({ name, version }) => `${name} ${version}`).join(" · ")}</span></p>
    ${legend()}
    ${join(problems.map((problem) => markup`<p class="fail">! ${problem}</p>`))}
    <nav aria-label="Subjects"><ul>${join(tables.map(formatLink))}</ul></nav>
    ${join(tables.map((table, index) => formatTable(table, index, runtimes, failures)))}
    ${details.toString() === "" ? markup`` : markup`<h2 id="failures">Failures</h2>${details}`}
      </body>
    </html>
`.toString().trimStart();
}

/** Returns the class of the totals, which count only this project's subjects. */
function overall({ passed, failed }: Report): string {
  if (failed > 0) return "fail";
  return passed > 0 ? "pass" : "soft";
}

/** Formats an ISO 8601 date to the minute. */
function minuteOf(date: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(date) ?? [];
  return day ? `${day} ${time} UTC` : date;
}

function legend(): Markup {
  const entries = Object.entries(marks).map(([mark, { symbol, meaning }]) =>
    markup`<li><b class="${classOf(mark)}">${symbol}</b> ${meaning}</li>`
  );
  return markup`<ul class="legend">${join(entries)}<li><b>*</b> a rule of this project only</li>
<li><b>n/m</b> with n of m versions of the client</li></ul>`;
}

function formatLink({ subject, mode, rows }: Table, index: number): Markup {
  const found = rows.flatMap((row) => row.places).filter(({ mark }) => mark !== "not offered");
  const passed = found.filter(({ mark }) => mark === "pass").length;
  return markup`<li><a href="#table-${index}">${subject}, ${mode}</a>
<span class="soft">${passed} of ${found.length} pass</span></li>`;
}

function formatTable(
  table: Table,
  index: number,
  runtimes: readonly RuntimeVersion[],
  failures: Failures,
): Markup {
  const { subject, mode, sdks, rows } = table;
  const topics = Map.groupBy(rows, (row) => topicOf(row.case.id));
  const heads = runtimes.map(({ name }) => markup`<th scope="col"><span>${name}</span></th>`);
  return markup`
    <h2 id="table-${index}">${subject}, ${mode}</h2>
    ${sdks.length > 0 ? markup`<p class="soft">with openai ${sdks.join(", ")}</p>` : markup``}
    <div class="wide" tabindex="0" role="region" aria-label="${subject}, ${mode}">
      <table>
    <thead><tr><th scope="col">Case</th>${join(heads)}</tr></thead>
    ${
    join([...topics].map(([topic, rows]) =>
      markup`<tbody>
<tr><th scope="colgroup" colspan="${runtimes.length + 1}">${topic}</th></tr>
${join(rows.map((row) => formatRow(row, failures)))}</tbody>`
    ))
  }
      </table>
    </div>
  `;
}

function formatRow({ case: { id, title, own }, places }: Row, failures: Failures): Markup {
  const name = id.slice(id.lastIndexOf("/") + 1);
  return markup`
    <tr><th scope="row"><code title="${title}">${name}${own ? "*" : ""}</code>
    <small>${title}</small></th>${join(places.map((place) => formatPlace(place, failures)))}</tr>
  `;
}

function formatPlace({ mark, runtime, cells, share }: Place, failures: Failures): Markup {
  const reason = cells.find((cell) => cell.reason !== undefined)?.reason ?? "";
  const title = `${runtime}: ${marks[mark].meaning}${reason && `: ${reason.slice(0, 200)}`}`;
  const inside = markup`${marks[mark].symbol}${share ? markup`<small>${share}</small>` : markup``}`;
  const anchor = failures.anchorOf(cells);
  return markup`<td class="${classOf(mark)}" title="${title}">${
    anchor === undefined ? inside : markup`<a href="#${anchor}">${inside}</a>`
  }</td>`;
}

function classOf(mark: string): string {
  return mark.replace(" ", "-");
}
