import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Cassette } from "../cassette.ts";
import type { Account } from "./account.ts";
import { plain } from "../../cli/plain.ts";
import { masking } from "../masking.ts";
import { type Answer, ask } from "./ask.ts";
import { type LiveCall, liveCalls } from "./calls.ts";
import { recording } from "./recording.ts";
import { verdict } from "./verdict.ts";

/** How many characters of a line are printed. */
const LONGEST = 2000;

/** What a live run needs. */
export interface LiveRun {
  /** The account: where its requests go, and the `fetch` that authenticates them. */
  readonly account: Account;
  readonly region: string;
  readonly cassettes: ReadonlyMap<string, Cassette>;
  /** Where to write what was answered; without it nothing is written. */
  readonly recordTo?: string | undefined;
  readonly print: (line: string) => void;
  readonly now?: () => number;
}

/** How many calls came out in which way. */
export interface LiveCounts {
  asExpected: number;
  otherwise: number;
  skipped: number;
  failed: number;
}

/**
 * Repeats the calls of the cassettes against an account and reports where it answers otherwise.
 *
 * A difference is news and no failure; a call that cannot be made at all is one, and so is a
 * credential that is refused, after which no more calls are made.
 *
 * @throws {Error} If a file that would be recorded is there already.
 */
export async function runLive(given: LiveRun): Promise<LiveCounts> {
  const { account, cassettes } = given;
  // Lines quote responses and errors
  const print = (line: string) => given.print(shown(line, account.sent()));
  const run = { ...given, print };
  const calls = liveCalls(cassettes);
  if (run.recordTo !== undefined) assertFree(calls, run.recordTo);
  const tokens = calls.reduce((sum, call) => sum + call.tokens, 0);
  print(`${calls.length} calls to ${new URL(account.url).origin}, ${tokens} tokens at the most:`);
  for (const { method, path, id, tokens } of calls) {
    print(`  ${method} ${path} for ${id}, ${tokens} tokens`);
  }
  const counts: LiveCounts = { asExpected: 0, otherwise: 0, skipped: 0, failed: 0 };
  for (const call of calls) {
    try {
      const answer = await ask(call, account.url, account.fetch);
      // The next would be refused alike
      if (!report(call, answer, counts, print)) break;
      if (run.recordTo !== undefined) await record(call, answer, run, run.recordTo);
    } catch (error) {
      counts.failed++;
      print(`failed      ${call.id}: ${error instanceof Error ? error.message : "no answer"}`);
    }
  }
  return counts;
}

/** A line without what was sent, short enough to be read, and in characters that command nothing. */
function shown(line: string, secrets: readonly string[]): string {
  const masked = masking(secrets)(line);
  return plain(masked.length > LONGEST ? `${masked.slice(0, LONGEST)}…` : masked);
}

/** Calls cost tokens, so that it is found out before the first of them. */
function assertFree(calls: readonly LiveCall[], folder: string): void {
  const taken = calls.map(({ id }) => pathOf(id, folder)).find((path) => existsSync(path));
  if (taken !== undefined) {
    throw new Error(`Cannot record: ${taken} is there already, so choose another folder`);
  }
}

function pathOf(id: string, folder: string): string {
  return join(folder, `${id}.json`);
}

/** Prints and counts what came of a call; says whether the credential is good for more. */
function report(
  call: LiveCall,
  answer: Answer,
  counts: LiveCounts,
  print: (line: string) => void,
): boolean {
  const found = verdict(call.expected, answer);
  if (found.result === "as expected") {
    counts.asExpected++;
    print(`as expected ${call.id}`);
  } else if (found.result === "skipped") {
    counts.skipped++;
    print(`skipped     ${call.id}: ${found.reason}`);
  } else if (found.result === "refused") {
    counts.failed++;
    print(`failed      ${call.id}: ${found.reason}`);
  } else {
    counts.otherwise++;
    print(`otherwise   ${call.id}: ${found.differences.join("; ")}`);
  }
  return found.result !== "refused";
}

/** Private to the user, and never over a file that is there. */
async function record(
  call: LiveCall,
  answer: Answer,
  { account, region, print, now = Date.now }: LiveRun,
  folder: string,
): Promise<void> {
  const date = new Date(now()).toISOString().slice(0, 10);
  const place = { region, origin: new URL(account.url).origin, date };
  const recorded = recording(call, answer, place, account.sent());
  if ("secrets" in recorded) {
    print(`not written ${call.id}: it seems to hold ${recorded.secrets.join(" and ")}`);
    return;
  }
  const path = pathOf(call.id, folder);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(recorded.cassette, null, 2)}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  print(`written     ${path}`);
}
