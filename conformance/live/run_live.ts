import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Cassette } from "../cassette.ts";
import type { Account } from "./account.ts";
import { plain } from "../../cli/plain.ts";
import { createMask } from "../masking.ts";
import { truncate } from "../pretty_body.ts";
import { type LiveCall, liveCalls } from "./calls.ts";
import { type LiveResponse, makeCall } from "./make_call.ts";
import { recording } from "./recording.ts";
import { compareResponse } from "./compare_response.ts";

/** The number of characters of a line that are printed. */
const MAX_LINE = 2000;

/** The parameters of a live run. */
export interface LiveRun {
  readonly account: Account;
  readonly region: string;
  readonly cassettes: ReadonlyMap<string, Cassette>;
  /** The folder to write responses to; without it nothing is written. */
  readonly recordTo?: string | undefined;
  readonly print: (line: string) => void;
  readonly now?: () => number;
}

/** The number of calls by result. */
export interface LiveCounts {
  asExpected: number;
  different: number;
  skipped: number;
  failed: number;
}

/**
 * Repeats the calls of the cassettes against an account, and reports where responses differ.
 *
 * A difference is no failure. A call that cannot be made is one, and so is a refused credential,
 * which ends the run.
 *
 * @throws {Error} If a file to record exists already.
 */
export async function runLive(given: LiveRun): Promise<LiveCounts> {
  const { account, cassettes } = given;
  // Lines quote responses and errors
  const print = (line: string) => given.print(sanitize(line, account.sent()));
  const run = { ...given, print };
  const calls = liveCalls(cassettes);
  if (run.recordTo !== undefined) assertFree(calls, run.recordTo);
  const tokens = calls.reduce((sum, call) => sum + call.tokens, 0);
  print(`${calls.length} calls to ${new URL(account.url).origin}, at most ${tokens} tokens:`);
  for (const { method, path, id, tokens } of calls) {
    print(`  ${method} ${path} for ${id}, ${tokens} tokens`);
  }
  const counts: LiveCounts = { asExpected: 0, different: 0, skipped: 0, failed: 0 };
  for (const call of calls) {
    try {
      const response = await makeCall(call, account.url, account.fetch);
      // The service would refuse the others as well
      if (!report(call, response, counts, print)) break;
      if (run.recordTo !== undefined) await record(call, response, run, run.recordTo);
    } catch (error) {
      counts.failed++;
      print(`failed      ${call.id}: ${error instanceof Error ? error.message : "no response"}`);
    }
  }
  return counts;
}

/** Masks the secrets of a line, cuts it, and escapes control characters. */
function sanitize(line: string, secrets: readonly string[]): string {
  return plain(truncate(createMask(secrets)(line), MAX_LINE));
}

/**
 * Throws if a file to record exists already; called before the first call, as calls cost
 * tokens.
 */
function assertFree(calls: readonly LiveCall[], folder: string): void {
  const taken = calls.map(({ id }) => pathOf(id, folder)).find((path) => existsSync(path));
  if (taken !== undefined) {
    throw new Error(`Cannot record: ${taken} already exists. Choose another folder`);
  }
}

function pathOf(id: string, folder: string): string {
  return join(folder, `${id}.json`);
}

/** Prints and counts the result of a call; returns whether the credential was accepted. */
function report(
  call: LiveCall,
  response: LiveResponse,
  counts: LiveCounts,
  print: (line: string) => void,
): boolean {
  const found = compareResponse(call.expected, response);
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
    counts.different++;
    print(`different   ${call.id}: ${found.differences.join("; ")}`);
  }
  return found.result !== "refused";
}

/** Writes a cassette, readable by the user only; never overwrites a file. */
async function record(
  call: LiveCall,
  response: LiveResponse,
  { account, region, print, now = Date.now }: LiveRun,
  folder: string,
): Promise<void> {
  const date = new Date(now()).toISOString().slice(0, 10);
  const place = { region, origin: new URL(account.url).origin, date };
  const recorded = recording(call, response, place, account.sent());
  if ("secrets" in recorded) {
    print(`not written ${call.id}: it seems to contain ${recorded.secrets.join(" and ")}`);
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
