import process from "node:process";
import { parseArgs } from "node:util";
import OpenAI from "openai";
import { VERSION } from "openai/version";
import { bedrock } from "../aws.ts";
import { plain } from "../cli/plain.ts";
import { withUsage } from "../cli/usage.ts";
import type { Capability, Case } from "./case.ts";
import { cases } from "./cases/mod.ts";
import { CASSETTES } from "./cassettes/mod.ts";
import { liveCalls } from "./live/calls.ts";
import { openAccount } from "./live/account.ts";
import { runLive } from "./live/run_live.ts";
import { replay } from "./replay.ts";
import { matches } from "./case_pattern.ts";
import { runCases } from "./run_cases.ts";
import { ours } from "./subjects/ours.ts";
import { overSockets } from "./over_sockets.ts";

const USAGE = `Usage: cli.ts conformance [options]

Runs the conformance suite on this runtime.

Options:
  --mode <mode>      replay, the default: exchanges on disk, in the process
                     wire: the same over sockets
                     live: a few small calls to the account that your credentials and region,
                     or AWS_BEDROCK_BASE_URL, lead to; it prints them and their price first
                     record: as live, and writes what was answered as cassettes
  --case <patterns>  the cases to run, such as 'auth/*,files/*'; in live and record, the calls,
                     such as 'responses/*'
  --out <folder>     where record writes to; nothing is written over
  -h, --help         shows this

Exit codes: 0 all as expected; 1 a case or a call failed; 2 wrong usage.`;

const MODES = ["replay", "wire", "live", "record"] as const;

interface Settings {
  readonly mode: (typeof MODES)[number];
  /** Whether it is to be run. */
  readonly chosen: (id: string) => boolean;
  readonly out: string | undefined;
}

/** `cli.ts conformance`: resolves to the exit code. */
export function run(args: string[]): Promise<number> {
  return withUsage(USAGE, () => readSettings(args), async ({ mode, chosen, out }) => {
    if (mode === "replay" || mode === "wire") return await runHere(mode, chosen);
    return await runAgainstAccount(chosen, out);
  });
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
  const { out } = values;
  if (mode === "record" && !out) throw new TypeError("--mode record needs --out and a folder");
  if (mode !== "record" && out !== undefined) throw new TypeError("--out is for --mode record");
  const patterns = values.case.split(",");
  const ids = mode === "replay" || mode === "wire" ? cases : liveCalls(CASSETTES);
  const idle = patterns.find((pattern) => !ids.some(({ id }) => matches(pattern, id)));
  if (idle !== undefined) throw new TypeError(`Nothing in ${mode} has an id like "${idle}"`);
  return { mode, chosen: (id) => patterns.some((pattern) => matches(pattern, id)), out };
}

async function runHere(mode: "replay" | "wire", chosen: Settings["chosen"]): Promise<number> {
  // Older clients do not count a lookup in their timeout
  const lacks: Capability[] = isBefore(7, 48) ? ["lookupTimeout"] : [];
  const subject = ours({ name: "@mantle/bedrock/aws", bedrock, OpenAI, whole: true, lacks });
  const environment = mode === "wire" ? overSockets : replay;
  const counts = { pass: 0, fail: 0, "not offered": 0 };
  const run = async (some: readonly Case[]) => {
    for (const { id, result, reason } of await runCases(some, subject, environment)) {
      counts[result]++;
      const why = reason === undefined ? "" : `: ${plain(reason, "\n")}`;
      console.log(`${result.padEnd(12)}${id}${why}`);
    }
  };
  const wanted = cases.filter(({ id }) => chosen(id));
  for (const each of wanted) if (!each.waits) await run([each]);
  await run(wanted.filter(({ waits }) => waits));
  const { pass, fail } = counts;
  console.log(`\n${pass} passed, ${fail} failed, ${counts["not offered"]} not offered`);
  return fail || !pass ? 1 : 0;
}

/** Whether the client at hand is older than this version. */
function isBefore(wantedMajor: number, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = VERSION.split(".").map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

async function runAgainstAccount(
  chosen: Settings["chosen"],
  recordTo: string | undefined,
): Promise<number> {
  // Without it, keys could not sign for a custom host
  const account = openAccount(bedrock, { endpoint: "mantle" });
  const region = /\.([a-z]+(?:-[a-z0-9]+)+-\d)\./.exec(account.url)?.[1] ?? "us-west-2";
  const cassettes = new Map([...CASSETTES].filter(([id]) => chosen(id)));
  const { AWS_REGION = region } = process.env;
  const print = (line: string) => console.log(line);
  const counts = await runLive({ account, region: AWS_REGION, cassettes, recordTo, print });
  const { asExpected, otherwise, skipped, failed } = counts;
  console.log(
    `\n${asExpected} as expected, ${otherwise} otherwise, ${skipped} skipped, ${failed} failed`,
  );
  return failed || !(asExpected + otherwise) ? 1 : 0;
}
