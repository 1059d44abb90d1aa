import type { Capability, Case, Context, Outcome, SentRequest, Subject } from "./case.ts";
import { within } from "./check.ts";
import { masking, secretsOf, shown } from "./masking.ts";

/** Where cases run, and what answers them. */
export interface Environment {
  /** Opens what answers one case. */
  open(test: Case, sent: SentRequest[]): Promise<Opened>;
}

/** What answers one case. */
export interface Opened {
  /** The context, whose `sent` is the list that was given to be written to. */
  readonly context: Context;
  /** Ends it; throws where exchanges were not played, or requests did not fit them. */
  close?(): void | Promise<void>;
}

/** How long a case may take. */
const LIMIT_MS = 10_000;

/** What all of the process share, so that no two cases may replace it at the same time. */
const SHARED: readonly Capability[] = ["variables", "clock", "timers"];

/**
 * Runs cases against a subject, one after the other and at last those that wait, all at once.
 * Never throws.
 *
 * @param cases Which cases, such as {@link cases} or some of them.
 * @param subject The client.
 * @param environment Where they are answered.
 * @returns What came of each, in their order.
 *
 * @example A client that is not written yet
 * ```ts
 * import assert from "node:assert/strict";
 * import { cases, replay, runCases, type Subject } from "@mantle/bedrock/conformance";
 *
 * const connect = () => Promise.reject(new Error("Not written yet"));
 * const subject: Subject = { name: "mine", lacks: [], connect };
 * const [outcome] = await runCases(cases.slice(0, 1), subject, replay);
 * assert.equal(outcome?.result, "fail");
 * ```
 */
export async function runCases(
  cases: readonly Case[],
  subject: Subject,
  environment: Environment,
): Promise<Outcome[]> {
  const outcomes = new Map<Case, Outcome>();
  const run = async (each: Case) => {
    outcomes.set(each, await runCase(each, subject, environment));
  };
  for (const each of cases) if (!each.waits) await run(each);
  await Promise.all(cases.filter(({ waits }) => waits).map(run));
  return cases.flatMap((each) => outcomes.get(each) ?? []);
}

/**
 * Runs cases against the subject that each of them breaks, and returns the ids of those that do not
 * notice. A case that the subject or the runtime cannot run is left out.
 *
 * @param cases Which cases, such as {@link cases} or some of them.
 * @param subject The client.
 * @param environment Where they are answered.
 * @returns The ids of the cases that did not notice; there should be none.
 *
 * @example Nothing goes unnoticed
 * ```ts
 * import assert from "node:assert/strict";
 * import { cases, replay, runNegatives, type Subject } from "@mantle/bedrock/conformance";
 *
 * const connect = () => Promise.reject(new Error("Not written yet"));
 * const subject: Subject = { name: "mine", lacks: [], connect };
 * assert.deepEqual(await runNegatives(cases.slice(0, 1), subject, replay), []);
 * ```
 */
export async function runNegatives(
  cases: readonly Case[],
  subject: Subject,
  environment: Environment,
): Promise<string[]> {
  const run = async (test: Case) => await runCase(test, test.negative(subject), environment);
  const alone = ({ needs }: Case) => needs.some((need) => SHARED.includes(need));
  const outcomes = await Promise.all(cases.filter((each) => !alone(each)).map(run));
  for (const each of cases.filter(alone)) outcomes.push(await run(each));
  return outcomes.filter(({ result }) => result === "pass").map(({ id }) => id);
}

async function runCase(test: Case, subject: Subject, environment: Environment): Promise<Outcome> {
  const { id, title, source, own = false } = test;
  const about = { id, title, source, own };
  const missing = missingOf(test, subject);
  if (missing.length > 0) {
    const reason = `Has no ${missing.join(", ")}`;
    return { ...about, result: "not offered", reason, milliseconds: 0, sent: [] };
  }
  const sent: SentRequest[] = [];
  const start = performance.now();
  let mask = (text: string) => text;
  let failure: { reason: string } | undefined;
  try {
    const opened = await environment.open(test, sent);
    mask = masking(secretsOf(opened.context));
    failure = await attempt(test, subject, opened);
  } catch (error) {
    failure = { reason: `Could not be set up: ${describe(error)}` };
  }
  return {
    ...about,
    result: failure ? "fail" : "pass",
    ...(failure && { reason: mask(failure.reason) }),
    milliseconds: Math.round(performance.now() - start),
    sent: failure ? shown(sent, mask) : [],
  };
}

async function attempt(
  test: Case,
  subject: Subject,
  { context, close }: Opened,
): Promise<{ reason: string } | undefined> {
  let failure: { reason: string } | undefined;
  try {
    await within(LIMIT_MS, test.run(subject, context), "The case did not end");
  } catch (error) {
    failure = { reason: describe(error) };
  }
  try {
    await close?.();
  } catch (error) {
    const complaint = describe(error);
    failure = { reason: failure ? `${failure.reason}\n${complaint}` : complaint };
  }
  return failure;
}

function missingOf({ needs }: Case, { lacks, mintKey }: Subject): Capability[] {
  return needs.filter((need) => lacks?.includes(need) || need === "mintKey" && !mintKey);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `Threw ${String(error)}`;
  const cause = error.cause instanceof Error ? ` (${describe(error.cause)})` : "";
  return `${
    error.name === "Error" ? error.constructor.name : error.name
  }: ${error.message}${cause}`;
}
