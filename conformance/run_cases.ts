import type { Capability, Case, Context, Outcome, SentRequest, Subject } from "./case.ts";
import { within } from "./check.ts";
import { createMask, type Mask, secretsOf, showExchanges } from "./masking.ts";

/** An environment that responds to the requests of cases. */
export interface Environment {
  /** Sets up the responder of one case, and records requests in `sent`. */
  open(test: Case, sent: SentRequest[]): Promise<Opened>;
}

/** The surroundings of one case. */
export interface Opened {
  /** The context, whose `sent` is the list that was passed to `open`. */
  readonly context: Context;
  /** Cleans up; throws if exchanges were not requested, or requests did not match them. */
  close?(): void | Promise<void>;
}

/** The time limit of a case. */
const LIMIT_MS = 10_000;

/**
 * The capabilities that replace a global of the process, so that one case at a time may use
 * them.
 */
const GLOBAL: readonly Capability[] = ["variables", "clock", "timers"];

/**
 * Runs cases against a subject, one after the other and at the end those that wait, concurrently.
 * Never throws.
 *
 * @param cases The cases, such as {@link cases} or some of them.
 * @param subject The client.
 * @param environment The environment that responds.
 * @returns The outcome of each case, in their order.
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
 * Runs each case against a subject that the case itself has broken, and returns the ids of those
 * that pass all the same. A case that the subject or the runtime does not offer is skipped.
 *
 * @param cases The cases, such as {@link cases} or some of them.
 * @param subject The client.
 * @param environment The environment that responds.
 * @returns The ids of the cases that did not notice; there should be none.
 *
 * @example Every case can fail
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
  const isAlone = ({ needs }: Case) => needs.some((need) => GLOBAL.includes(need));
  const outcomes = await Promise.all(cases.filter((each) => !isAlone(each)).map(run));
  for (const each of cases.filter(isAlone)) outcomes.push(await run(each));
  return outcomes.filter(({ result }) => result === "pass").map(({ id }) => id);
}

async function runCase(test: Case, subject: Subject, environment: Environment): Promise<Outcome> {
  const { id, title, source, own = false } = test;
  const about = { id, title, source, own };
  const missing = missingCapabilities(test, subject);
  if (missing.length > 0) {
    const reason = `Lacks ${missing.join(", ")}`;
    return { ...about, result: "not offered", reason, milliseconds: 0, sent: [] };
  }
  const sent: SentRequest[] = [];
  const start = performance.now();
  let mask: Mask = (text) => text;
  let failure: { reason: string } | undefined;
  try {
    const opened = await environment.open(test, sent);
    mask = createMask(secretsOf(opened.context));
    failure = await attempt(test, subject, opened);
  } catch (error) {
    failure = { reason: `The setup failed: ${describe(error)}` };
  }
  return {
    ...about,
    result: failure ? "fail" : "pass",
    ...(failure && { reason: mask(failure.reason) }),
    milliseconds: Math.round(performance.now() - start),
    sent: failure ? showExchanges(sent, mask) : [],
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
    const problem = describe(error);
    failure = { reason: failure ? `${failure.reason}\n${problem}` : problem };
  }
  return failure;
}

function missingCapabilities({ needs }: Case, { lacks, mintKey }: Subject): Capability[] {
  return needs.filter((need) => lacks?.includes(need) || need === "mintKey" && !mintKey);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `Threw ${String(error)}`;
  const cause = error.cause instanceof Error ? ` (${describe(error.cause)})` : "";
  return `${
    error.name === "Error" ? error.constructor.name : error.name
  }: ${error.message}${cause}`;
}
