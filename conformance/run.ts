/** The conformance command, `deno task conformance`: runs the matrix; `--help` says more. */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { readOrExit } from "../tools/arguments.ts";
import { TestReport } from "../tools/test_report.ts";
import { matches } from "./case_pattern.ts";
import { allCases, type Choice, everything, modeNames, prepareMatrix } from "./matrix.ts";
import { RECORDINGS } from "./recorded_case.ts";
import { formatHtml } from "./report/html.ts";
import { formatJson } from "./report/json.ts";
import { formatMarkdown } from "./report/markdown.ts";
import type { Report } from "./report/report.ts";
import { formatText } from "./report/terminal.ts";
import { findTargets, type TargetName, targetNames } from "./runtimes/targets.ts";

const { subjects: subjectNames, sdks: sdkNames } = everything;

interface Arguments extends Omit<Choice, "targets"> {
  readonly runtimes: readonly TargetName[];
  readonly json?: string | undefined;
  readonly html?: string | undefined;
  readonly update: boolean;
}

const usage = `Usage: deno task conformance [options]

Runs every case on every runtime, for every subject and version of the client.

Options:
  --runtime <names>   ${targetNames.join(", ")}
  --subject <names>   ${[...new Set(subjectNames.map((name) => name.split(",")[0]))].join(", ")}
  --sdk <versions>    ${sdkNames.join(", ")}
  --mode <modes>      ${modeNames.join(", ")}; the default is replay
  --case <patterns>   such as 'auth/*,service/*'
  --json <file>       writes a report as JSON
  --html <file>       writes a report as a page
  --update            writes the summary conformance/RESULTS.md
  -h, --help          shows this

Set MANTLE_RECORDINGS to a folder of recorded exchanges to run each of them as a case.
To call and record a real account, use \`cli.ts conformance --mode live\` and \`--mode record\`.`;

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
      `Mode "${live}" is not part of the matrix: use cli.ts conformance --mode ${live}`,
    );
  }
  const cases = values.case?.split(",") ?? everything.cases;
  const unused = cases.find((pattern) => !allCases.some(({ id }) => matches(pattern, id)));
  if (unused !== undefined) throw new TypeError(`No case has an id like "${unused}"`);
  const modes = pick(modeNames, mode ?? "replay");
  const isPart = [runtime, values.case, subject, sdk].some((value) => value !== undefined);
  if (update && (isPart || modes.length < modeNames.length)) {
    throw new TypeError(
      `--update needs a complete run: use --mode ${modeNames.join()} and no other selection`,
    );
  }
  return {
    runtimes: pick(targetNames, runtime),
    subjects: pick(subjectNames, subject, (name, word) => name.split(",")[0] === word),
    sdks: pick(sdkNames, sdk),
    modes,
    cases,
    json,
    html,
    update,
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
  const testReport = new TestReport();
  const targets = await findTargets(choice.runtimes, testReport);
  if (choice.update && targets.length < targetNames.length) {
    testReport.record("--update needs every runtime", { passed: 0, failed: 1 });
    return testReport.close();
  }
  const start = performance.now();
  const report = await (await prepareMatrix({ ...choice, targets }, testReport))(showProgress);
  const seconds = (performance.now() - start) / 1000;
  await writeReports(report, choice);
  showProgress("");
  console.log(formatText(report));
  const { failed } = report;
  // If only other subjects took part, their results are all there is to count
  const passed = report.passed || report.cells.filter(({ result }) => result === "pass").length;
  testReport.record(`conformance on ${targets.length} runtimes`, { passed, failed, seconds });
  return testReport.close();
}

async function writeReports(report: Report, { json, html, update }: Arguments): Promise<void> {
  if (json !== undefined) await writeFile(json, formatJson(report));
  if (html !== undefined) await writeFile(html, formatHtml(report));
  if (update) await writeFile("conformance/RESULTS.md", formatMarkdown(withoutRecordings(report)));
}

/** Keeps to the cases of the repository, so that the page is the same wherever it is made. */
function withoutRecordings(report: Report): Report {
  const isKept = (id: string) => !matches(`${RECORDINGS}/*`, id);
  return {
    ...report,
    cases: report.cases.filter(({ id }) => isKept(id)),
    cells: report.cells.filter((cell) => isKept(cell.case)),
  };
}

/** Shows progress as one line that is overwritten on a terminal, and as lines elsewhere. */
function showProgress(line: string): void {
  if (!Deno.stderr.isTerminal()) return line === "" ? undefined : console.error(line);
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${line}`));
}

Deno.chdir(`${import.meta.dirname}/..`);
Deno.exit(await main(readOrExit(readArguments)) ? 0 : 1);
