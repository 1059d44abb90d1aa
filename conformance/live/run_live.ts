import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Cassette } from "../cassette.ts";
import { type Answer, ask } from "./ask.ts";
import { type LiveCall, liveCalls } from "./calls.ts";
import { recording } from "./recording.ts";
import { verdict } from "./verdict.ts";

/** What a live run needs. */
export interface LiveRun {
  /** The account: where its requests go, and the `fetch` that authenticates them. */
  readonly account: { readonly url: string; readonly fetch: typeof globalThis.fetch };
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
 * A difference is news and no failure; a call that cannot be made at all is one.
 */
export async function runLive(run: LiveRun): Promise<LiveCounts> {
  const { account, cassettes, print } = run;
  const calls = liveCalls(cassettes);
  const tokens = calls.reduce((sum, call) => sum + call.tokens, 0);
  print(`${calls.length} calls to ${new URL(account.url).origin}, ${tokens} tokens at the most:`);
  for (const { method, path, id, tokens } of calls) {
    print(`  ${method} ${path} for ${id}, ${tokens} tokens`);
  }
  const counts: LiveCounts = { asExpected: 0, otherwise: 0, skipped: 0, failed: 0 };
  for (const call of calls) {
    try {
      const answer = await ask(call, account.url, account.fetch);
      report(call, answer, counts, print);
      if (run.recordTo !== undefined) await record(call, answer, run, run.recordTo);
    } catch (error) {
      counts.failed++;
      print(`failed      ${call.id}: ${error instanceof Error ? error.message : "no answer"}`);
    }
  }
  return counts;
}

function report(
  call: LiveCall,
  answer: Answer,
  counts: LiveCounts,
  print: (line: string) => void,
): void {
  const found = verdict(call.expected, answer);
  if (found.result === "as expected") {
    counts.asExpected++;
    print(`as expected ${call.id}`);
  } else if (found.result === "skipped") {
    counts.skipped++;
    print(`skipped     ${call.id}: ${found.reason}`);
  } else {
    counts.otherwise++;
    print(`otherwise   ${call.id}: ${found.differences.join("; ")}`);
  }
}

/** Private to the user, and never over a file that is there. */
async function record(
  call: LiveCall,
  answer: Answer,
  { region, print, now = Date.now }: LiveRun,
  folder: string,
): Promise<void> {
  const date = new Date(now()).toISOString().slice(0, 10);
  const recorded = recording(call, answer, region, date);
  if ("secrets" in recorded) {
    print(`not written ${call.id}: it seems to hold ${recorded.secrets.join(" and ")}`);
    return;
  }
  const path = join(folder, `${call.id}.json`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(recorded.cassette, null, 2)}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  print(`written     ${path}`);
}
