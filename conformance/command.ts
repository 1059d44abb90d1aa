import process from "node:process";
import { parseArgs } from "node:util";
import OpenAI from "openai";
import { bedrock } from "../aws.ts";
import { cases } from "./cases/mod.ts";
import { CASSETTES } from "./cassettes/mod.ts";
import { runLive } from "./live/run_live.ts";
import { openCassette } from "./open_cassette.ts";
import { replay } from "./replay.ts";
import { matches } from "./report/pattern.ts";
import { runCases } from "./run_cases.ts";
import { ours } from "./subjects/ours.ts";
import { overSockets } from "./over_sockets.ts";

const USAGE = `Usage: cli.ts conformance [options]

Runs the conformance suite on this runtime.

Options:
  --mode <mode>      replay, the default: exchanges on disk, in the process
                     wire: the same over sockets
                     live: calls a real account with your credentials, little of it
                     record: as live, and writes what was answered
  --case <pattern>   the cases to run, such as 'auth/*'; with live, the cassettes
  --out <folder>     where record writes to
  -h, --help         shows this

Exit codes: 0 all as expected; 1 a case or a call failed; 2 wrong usage.`;

const MODES = ["replay", "wire", "live", "record"] as const;

interface Settings {
  readonly mode: (typeof MODES)[number];
  readonly pattern: string;
  readonly out: string | undefined;
}

/** `cli.ts conformance`: resolves to the exit code. */
export async function run(args: string[]): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = readSettings(args);
  } catch (error) {
    console.error(`${(error as TypeError).message}\n\n${USAGE}`);
    return 2;
  }
  if (!settings) {
    console.log(USAGE);
    return 0;
  }
  const { mode, pattern, out } = settings;
  if (mode === "replay" || mode === "wire") return await runHere(mode, pattern);
  return await runAgainstAccount(pattern, mode === "record" ? out : undefined);
}

/** @throws {TypeError} If the arguments make no sense. */
function readSettings(args: string[]): Settings | undefined {
  const { values } = parseArgs({
    args,
    options: {
      mode: { type: "string", default: "replay" },
      case: { type: "string", default: "*" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const mode = MODES.find((name) => name === values.mode);
  if (!mode) throw new TypeError(`Unknown mode "${values.mode}": use ${MODES.join(", ")}`);
  if ((mode === "record") !== (values.out !== undefined)) {
    throw new TypeError("--mode record and --out go together");
  }
  return { mode, pattern: values.case, out: values.out };
}

async function runHere(mode: "replay" | "wire", pattern: string): Promise<number> {
  const chosen = cases.filter(({ id }) => matches(pattern, id));
  const subject = ours({ name: "@mantle/bedrock/aws", bedrock, OpenAI });
  const environment = (mode === "wire" ? overSockets : replay)(openCassette);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const each of chosen) {
    const [outcome] = await runCases([each], subject, environment);
    if (!outcome) continue;
    const { id, result, reason } = outcome;
    counts[result === "pass" ? "passed" : result === "fail" ? "failed" : "skipped"]++;
    console.log(`${result.padEnd(12)}${id}${reason === undefined ? "" : `: ${reason}`}`);
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed || !counts.passed ? 1 : 0;
}

async function runAgainstAccount(pattern: string, recordTo: string | undefined): Promise<number> {
  const account = bedrock();
  const region = /\.([a-z]+(?:-[a-z0-9]+)+-\d)\./.exec(account.url)?.[1] ?? "us-west-2";
  const cassettes = new Map([...CASSETTES].filter(([id]) => matches(pattern, id)));
  const { AWS_REGION = region } = process.env;
  const print = (line: string) => console.log(line);
  const counts = await runLive({ account, region: AWS_REGION, cassettes, recordTo, print });
  const { asExpected, otherwise, skipped, failed } = counts;
  console.log(
    `\n${asExpected} as expected, ${otherwise} otherwise, ${skipped} skipped, ${failed} failed`,
  );
  return failed || !(asExpected + otherwise) ? 1 : 0;
}
