import type { CallOptions, Case, Connection } from "../case.ts";
import { equal, ok } from "../check.ts";
import { calls, receives } from "../subjects/faults.ts";
import { timersLeftBy } from "../subjects/timers.ts";
import { lookingUp, LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";
import { ask, empty, failing, MODEL } from "./steps.ts";
import { NODE_2610 } from "./sources.ts";

/** A signal that notes which listeners are on it, and which of them were added meanwhile. */
function watched(meanwhile: () => boolean) {
  const { signal } = new AbortController();
  const early = new Set<unknown>();
  const { addEventListener: add, removeEventListener: remove } = signal;
  const replaced: Pick<EventTarget, "addEventListener" | "removeEventListener"> = {
    addEventListener(type, listener, options) {
      if (meanwhile()) early.add(listener);
      add.call(signal, type, listener as EventListener, options);
    },
    removeEventListener(type, listener, options) {
      early.delete(listener);
      remove.call(signal, type, listener as EventListener, options);
    },
  };
  return { signal: Object.assign(signal, replaced), early };
}

/** Every other attempt fails, so that every call of a client that retries takes two. */
const everyOther: NonNullable<Case["answer"]> = (request, count) =>
  count % 2 ? failing(503) : empty(request, count);

const listens = calls((options) => {
  options.signal?.addEventListener("abort", () => {});
  return options;
});

/** What a client adds later is its own: up to 7.0, OpenAI's leaves a listener for each attempt. */
const listeners = LOOKUPS.map((lookup): Case => ({
  id: `leftovers/no-listener-of-the-${lookup}-lookup`,
  title: `A signal that serves many calls keeps no listener from before the ${lookup} arrived`,
  source: NODE_2610,
  needs: ["respond", LOOKUP_NEEDS[lookup]],
  answer: everyOther,
  async run(subject, context) {
    let authenticating = true;
    const { signal, early } = watched(() => authenticating);
    const options = lookingUp(lookup, context, () => authenticating = false);
    const fetch: typeof context.fetch = async (...args) => {
      const answer = await context.fetch(...args);
      authenticating = true;
      return answer;
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

/** Answers as the question asks for: at once, after a failure, with a refusal, or never. */
const asAsked: NonNullable<Case["answer"]> = (request, count) => {
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
  title: `A call with a lookup of ${lookup} that has ended leaves no timer, which would keep a ` +
    "process alive",
  source: "https://github.com/aws/aws-sdk-js-v3/pull/4774",
  needs: ["respond", LOOKUP_NEEDS[lookup], "timers"],
  answer: asAsked,
  async run(subject, context) {
    let act = (): unknown => undefined;
    const options = lookingUp(lookup, context, () => act());
    const left = await timersLeftBy(async () => {
      const connection = await subject.connect(options, context.fetch);
      for (const input of ["answer", "retry", "refuse"]) await askFor(input, connection);
      for (const during of ["lookup", "answer"]) {
        const abort = new AbortController();
        const stopped = () => new Promise<void>((resolve) => setTimeout(stop, 1, resolve));
        const stop = (then: () => void) => (abort.abort(), then());
        act = during === "lookup" ? stopped : () => void stopped();
        await askFor("wait", connection, { signal: abort.signal });
      }
      act = () => Promise.reject(new Error("The vault is sealed"));
      await askFor("answer", connection);
    });
    ok(context.sent.length >= 3, `Only ${context.sent.length} requests were sent`);
    equal(left, [], "Milliseconds of the timers left");
  },
  negative: receives((answer) => (setTimeout(() => {}, 2_000), answer)),
}));

export const leftovers: readonly Case[] = [...listeners, ...timers];
