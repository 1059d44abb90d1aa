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
  --mode <mode>      replay (default): within the process, from cassettes
                     wire: the same over sockets
                     live: a few small calls to your account, found by your credentials and
                     region or AWS_BEDROCK_BASE_URL; prints the calls and their tokens first
                     record: like live, and writes the responses as cassettes
  --case <patterns>  the cases to run, such as 'auth/*,files/*'; in live and record, the calls,
                     such as 'responses/*'
  --out <folder>     the folder for record; existing files are never overwritten
  -h, --help         shows this

Exit codes: 0 everything passed; 1 a case or a call failed; 2 wrong usage.`;

const MODES = ["replay", "wire", "live", "record"] as const;

interface Settings {
  readonly mode: (typeof MODES)[number];
  readonly isSelected: (id: string) => boolean;
  readonly out: string | undefined;
}

/** Runs `cli.ts conformance`, and resolves to the exit code. */
export function run(args: string[]): Promise<number> {
  return withUsage(USAGE, () => readSettings(args), async ({ mode, isSelected, out }) => {
    if (mode === "replay" || mode === "wire") return await runHere(mode, isSelected);
    return await runLiveCalls(isSelected, out);
  });
}

/** @throws {TypeError} If an argument is invalid. */
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
  if (mode === "record" && !out) throw new TypeError("--mode record needs --out <folder>");
  if (mode !== "record" && out !== undefined) {
    throw new TypeError("--out can only be used with --mode record");
  }
  const patterns = values.case.split(",");
  const ids = mode === "replay" || mode === "wire" ? cases : liveCalls(CASSETTES);
  const unused = patterns.find((pattern) => !ids.some(({ id }) => matches(pattern, id)));
  if (unused !== undefined) throw new TypeError(`Nothing in mode ${mode} matches "${unused}"`);
  return { mode, isSelected: (id) => patterns.some((pattern) => matches(pattern, id)), out };
}

async function runHere(
  mode: "replay" | "wire",
  isSelected: Settings["isSelected"],
): Promise<number> {
  // The timeout of older clients does not cover the lookup of a credential
  const lacks: Capability[] = isBefore(7, 48) ? ["lookupTimeout"] : [];
  const subject = ours({ name: "@mantle/bedrock/aws", bedrock, OpenAI, whole: true, lacks });
  const environment = mode === "wire" ? overSockets : replay;
  const counts = { pass: 0, fail: 0, "not offered": 0 };
  const run = async (some: readonly Case[]) => {
    for (const { id, result, reason } of await runCases(some, subject, environment)) {
      counts[result]++;
      const suffix = reason === undefined ? "" : `: ${plain(reason, "\n")}`;
      console.log(`${result.padEnd(12)}${id}${suffix}`);
    }
  };
  const wanted = cases.filter(({ id }) => isSelected(id));
  for (const each of wanted) if (!each.waits) await run([each]);
  await run(wanted.filter(({ waits }) => waits));
  const { pass, fail } = counts;
  console.log(`\n${pass} passed, ${fail} failed, ${counts["not offered"]} not offered`);
  return fail || !pass ? 1 : 0;
}

/** Tells whether the installed client is older than this version. */
function isBefore(wantedMajor: number, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = VERSION.split(".").map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

async function runLiveCalls(
  isSelected: Settings["isSelected"],
  recordTo: string | undefined,
): Promise<number> {
  // Without `endpoint`, keys could not sign for a custom host
  const account = openAccount(bedrock, { endpoint: "mantle" });
  const region = /\.([a-z]+(?:-[a-z0-9]+)+-\d)\./.exec(account.url)?.[1] ?? "us-west-2";
  const cassettes = new Map([...CASSETTES].filter(([id]) => isSelected(id)));
  const { AWS_REGION = region } = process.env;
  const print = (line: string) => console.log(line);
  const counts = await runLive({ account, region: AWS_REGION, cassettes, recordTo, print });
  const { asExpected, different, skipped, failed } = counts;
  console.log(
    `\n${asExpected} as expected, ${different} different, ${skipped} skipped, ${failed} failed`,
  );
  return failed || !(asExpected + different) ? 1 : 0;
}
