/** The conformance command, `deno task conformance`: runs the matrix; `--help` says more. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { readOrExit } from "../tools/arguments.ts";
import { Ledger } from "../tools/ledger.ts";
import { cases } from "./cases/mod.ts";
import { CASSETTES } from "./cassettes/mod.ts";
import { runMatrix } from "./matrix_run.ts";
import type { Choice } from "./matrix_run.ts";
import { recordedCases, RECORDINGS } from "./recorded_case.ts";
import { recordings } from "./recordings.ts";
import { caseTitle } from "./report/case_title.ts";
import { formatHtml } from "./report/html.ts";
import { formatJson } from "./report/json.ts";
import { judge } from "./report/judge.ts";
import { formatMarkdown } from "./report/markdown.ts";
import { matches } from "./case_pattern.ts";
import type { Report } from "./report/report.ts";
import { formatText } from "./report/terminal.ts";
import { findTargets, targetNames } from "./runtimes/at_hand.ts";
import { plans, sdkNames } from "./runtimes/lanes.ts";

const exchanges = new URL("../../shared/exchanges/", import.meta.url);
const recorded = recordings(exchanges)?.cassettes;
const allCases = [...cases, ...recordedCases(recorded ?? new Map())];

const modeNames = ["replay", "wire"];
const subjectNames = plans.map(({ subject }) => subject);

interface Arguments extends Omit<Choice, "targets"> {
  readonly runtimes: readonly (typeof targetNames)[number][];
  readonly json?: string | undefined;
  readonly html?: string | undefined;
  readonly update: boolean;
  /** Whether everything is run. */
  readonly complete: boolean;
}

const usage = `Usage: deno task conformance [options]

Runs every case on every runtime, for every subject and version of the client.

Options:
  --runtime <names>   ${targetNames.join(", ")}
  --subject <names>   ${[...new Set(subjectNames.map((name) => name.split(",")[0]))].join(", ")}
  --sdk <versions>    ${sdkNames.join(", ")}
  --mode <modes>      ${modeNames.join(", ")}; replay unless told otherwise
  --case <patterns>   such as 'auth/*,service/*'
  --json <file>, --html <file>, --update
                      write a report there; --update writes conformance/RESULTS.md
  -h, --help          shows this

A live account is called and recorded by \`cli.ts conformance --mode live\` and \`--mode record\`.`;

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      runtime: { type: "string" },
      case: { type: "string" },
      subject: { type: "string" },
      sdk: { type: "string" },
      mode: { type: "string" },
      json: { type: "string" },
      html: { type: "string" },
      update: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    Deno.exit(0);
  }
  const { runtime, subject, sdk, mode, json, html, update } = values;
  const live = mode?.split(",").find((name) => name === "live" || name === "record");
  if (live !== undefined) {
    throw new TypeError(
      `Mode "${live}" is not of the matrix: use cli.ts conformance --mode ${live}`,
    );
  }
  const patterns = values.case?.split(",") ?? ["*"];
  const idle = patterns.find((pattern) => !allCases.some(({ id }) => matches(pattern, id)));
  if (idle !== undefined) throw new TypeError(`No case has an id like "${idle}"`);
  const complete = [runtime, values.case, subject, sdk].every((value) => value === undefined);
  const wide = modeNames.every((name) => mode?.split(",").includes(name));
  if (update && !(complete && wide)) {
    throw new TypeError(
      `--update needs a complete run: use --mode ${modeNames.join(",")} and choose nothing else`,
    );
  }
  return {
    runtimes: pick(targetNames, runtime),
    subjects: pick(subjectNames, subject, (name, word) => name.split(",")[0] === word),
    sdks: pick(sdkNames, sdk),
    modes: pick(modeNames, mode ?? "replay"),
    cases: patterns,
    recordings: recorded ?? new Map(),
    json,
    html,
    update,
    complete,
  };
}

function pick<Name extends string>(
  known: readonly Name[],
  wanted: string | undefined,
  fits = (name: Name, word: string) => name === word,
): readonly Name[] {
  if (wanted === undefined) return known;
  const words = wanted.split(",");
  for (const word of words) {
    if (known.some((name) => fits(name, word))) continue;
    throw new TypeError(`Unknown name "${word}": use ${known.join(", ")}`);
  }
  return known.filter((name) => words.some((word) => fits(name, word)));
}

async function main(choice: Arguments): Promise<boolean> {
  const ledger = new Ledger();
  if (!recorded) ledger.note("recorded exchanges are not there, so none of them is a case");
  const targets = await findTargets(choice.runtimes, ledger);
  if (choice.update && targets.length < targetNames.length) {
    ledger.record("--update needs every runtime", { passed: 0, failed: 1 });
    return ledger.close();
  }
  const start = performance.now();
  const runs = await runMatrix({ ...choice, targets }, ledger, showProgress);
  const seconds = (performance.now() - start) / 1000;
  const report = judge({
    date: new Date().toISOString(),
    runtimes: targets,
    runs,
    cases: allCases.filter(({ id }) => choice.cases.some((pattern) => matches(pattern, id)))
      .map((test) => caseTitle(test, CASSETTES)),
    expectations: JSON.parse(await readFile("conformance/expectations.json", "utf8")),
    complete: choice.complete && targets.length === targetNames.length &&
      choice.modes.length === modeNames.length,
  });
  await writeReports(report, choice);
  showProgress("");
  console.log(formatText(report));
  const { failed } = report;
  // Where only others took part, what holds of them is all that there is to count
  const passed = report.passed || report.cells.filter(({ result }) => result === "pass").length;
  ledger.record(`conformance on ${targets.length} runtimes`, { passed, failed, seconds });
  return ledger.close();
}

async function writeReports(report: Report, { json, html, update }: Arguments): Promise<void> {
  if (json !== undefined) await writeFile(json, formatJson(report));
  if (html !== undefined) await writeFile(html, formatHtml(report));
  if (update) await writeFile("conformance/RESULTS.md", formatMarkdown(withoutRecordings(report)));
}

/** The page is about what the repository holds, wherever it is made. */
function withoutRecordings(report: Report): Report {
  const kept = (id: string) => !matches(`${RECORDINGS}/*`, id);
  return {
    ...report,
    cases: report.cases.filter(({ id }) => kept(id)),
    cells: report.cells.filter((cell) => kept(cell.case)),
  };
}

/** One line that is written over, on a terminal; lines elsewhere. */
function showProgress(line: string): void {
  if (!Deno.stderr.isTerminal()) return line === "" ? undefined : console.error(line);
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${line}`));
}

Deno.chdir(`${import.meta.dirname}/..`);
Deno.exit(await main(readOrExit(readArguments)) ? 0 : 1);
