import type { CallOptions, Case, Connection } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesCalls, changesResponse } from "../subjects/faults.ts";
import { timersLeftBy } from "../subjects/timers.ts";
import { lookingUp, LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";
import { ask, empty, failing, MODEL } from "./steps.ts";
import { NODE_2610 } from "./sources.ts";

/**
 * Creates a signal, and collects the listeners that are added while `isWatching`, until
 * removed.
 */
function watchSignal(isWatching: () => boolean) {
  const { signal } = new AbortController();
  const early = new Set<unknown>();
  const { addEventListener: add, removeEventListener: remove } = signal;
  const replaced: Pick<EventTarget, "addEventListener" | "removeEventListener"> = {
    addEventListener(type, listener, options) {
      if (isWatching()) early.add(listener);
      add.call(signal, type, listener as EventListener, options);
    },
    removeEventListener(type, listener, options) {
      early.delete(listener);
      remove.call(signal, type, listener as EventListener, options);
    },
  };
  return { signal: Object.assign(signal, replaced), early };
}

/** Fails every other attempt, so that each call of a client that retries takes two. */
const everyOther: NonNullable<Case["handle"]> = (request, count) =>
  count % 2 ? failing(503) : empty(request, count);

const listens = changesCalls((options) => {
  options.signal?.addEventListener("abort", () => {});
  return options;
});

/** Only listeners of the lookup count: up to 7.0, OpenAI's client leaves one for each attempt. */
const listeners = LOOKUPS.map((lookup): Case => ({
  id: `leftovers/no-listener-of-the-${lookup}-lookup`,
  title: `The lookup of the ${lookup} leaves no listener on a signal that is used for many calls`,
  source: NODE_2610,
  needs: ["respond", LOOKUP_NEEDS[lookup]],
  handle: everyOther,
  async run(subject, context) {
    let authenticating = true;
    const { signal, early } = watchSignal(() => authenticating);
    const options = lookingUp(lookup, context, () => authenticating = false);
    const fetch: typeof context.fetch = async (...args) => {
      const response = await context.fetch(...args);
      authenticating = true;
      return response;
    };
    const connection = await subject.connect(options, fetch);
    for (let count = 0; count < 5; count++) {
      await ask(connection, { signal, maxRetries: 1 }).catch(() => {});
    }
    ok(context.sent.length >= 5, `Only ${context.sent.length} attempts were made`);
    equal(early.size, 0, "Listeners left");
  },
  negative: listens,
}));

/** Responds as the input demands: at once, after a failure, with a refusal, or never. */
const asInputDemands: NonNullable<Case["handle"]> = (request, count) => {
  const body = new TextDecoder().decode(request.body);
  if (body.includes("wait")) return new Promise(() => {});
  if (body.includes("refuse")) return failing(400);
  return body.includes("retry") && count === 2 ? failing(503) : empty(request, count);
};

async function askFor(input: string, { respond }: Connection, options: CallOptions = {}) {
  await respond?.({ model: MODEL, input }, { maxRetries: 1, ...options }).catch(() => {});
}

const timers = LOOKUPS.map((lookup): Case => ({
  id: `leftovers/no-timer-of-a-call-with-${lookup}`,
  title: `A call that looks up a ${lookup === "token" ? "token" : "credential"} leaves no timer ` +
    "that would keep a process alive",
  source: "https://github.com/aws/aws-sdk-js-v3/pull/4774",
  needs: ["respond", LOOKUP_NEEDS[lookup], "timers"],
  handle: asInputDemands,
  async run(subject, context) {
    let act = (): unknown => undefined;
    const options = lookingUp(lookup, context, () => act());
    const left = await timersLeftBy(async () => {
      const connection = await subject.connect(options, context.fetch);
      for (const input of ["respond", "retry", "refuse"]) await askFor(input, connection);
      for (const during of ["lookup", "response"]) {
        const abort = new AbortController();
        const stopped = () => new Promise<void>((resolve) => setTimeout(stop, 1, resolve));
        const stop = (then: () => void) => (abort.abort(), then());
        act = during === "lookup" ? stopped : () => void stopped();
        await askFor("wait", connection, { signal: abort.signal });
      }
      act = () => Promise.reject(new Error("The vault is sealed"));
      await askFor("respond", connection);
    });
    ok(context.sent.length >= 3, `Only ${context.sent.length} requests were sent`);
    equal(left, [], "Milliseconds of the timers left");
  },
  negative: changesResponse((response) => (setTimeout(() => {}, 2_000), response)),
}));

export const leftovers: readonly Case[] = [...listeners, ...timers];
