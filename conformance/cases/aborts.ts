import type { CallOptions, Capability, Case, Context, Subject } from "../case.ts";
import { equal, rejects, within } from "../check.ts";
import { ignoresSignals, sendsWhenRefused } from "../subjects/faults.ts";
import { lookingUp, type Lookup, LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";
import { ask, AT_ONCE_MS, empty } from "./steps.ts";
import { NODE_2478, NODE_2610 } from "./sources.ts";

const SOURCES: Readonly<Record<Lookup, string>> = { token: NODE_2478, credentials: NODE_2610 };

const SIGNALS = {
  signal: { of: "the call", needs: [] },
  transportSignal: { of: "the transport's options", needs: ["transportSignal"] },
} as const;

type SignalName = keyof typeof SIGNALS;

/** Sets a time limit for calls that an abort does not end. */
function once(name: SignalName, signal: AbortSignal): CallOptions {
  return { [name]: signal, maxRetries: 0, timeoutMs: 8 * AT_ONCE_MS };
}

function combinations(define: (lookup: Lookup, name: SignalName) => Case): Case[] {
  return LOOKUPS.flatMap((lookup) =>
    (["signal", "transportSignal"] as const).map((name) => define(lookup, name))
  );
}

function about(lookup: Lookup, name: SignalName) {
  const needs: Capability[] = ["respond", LOOKUP_NEEDS[lookup], ...SIGNALS[name].needs];
  return { source: SOURCES[lookup], needs, handle: empty };
}

const suffix = (lookup: Lookup, name: SignalName) =>
  lookup + (name === "signal" ? "" : "-by-transport-signal");

/** Aborts a call while its credential is being looked up, which would never end. */
async function abortsWait(
  subject: Subject,
  context: Context,
  lookup: Lookup,
  { abort, options }: { abort: () => void; options: CallOptions },
): Promise<void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => release = resolve);
  const act = () => (setTimeout(abort, 1), released);
  const connection = await subject.connect(lookingUp(lookup, context, act), context.fetch);
  try {
    const asked = within(AT_ONCE_MS, ask(connection, options), "The abort is ignored");
    await rejects(asked, "It succeeded");
    equal(context.sent.length, 0, "Requests sent");
  } finally {
    release();
  }
}

function during(lookup: Lookup, name: SignalName): Case {
  return {
    ...about(lookup, name),
    id: `aborts/during-lookup-of-${suffix(lookup, name)}`,
    title: `The signal of ${SIGNALS[name].of} aborts the lookup of the ${lookup} at once`,
    waits: true,
    async run(subject, context) {
      const controller = new AbortController();
      const options = once(name, controller.signal);
      await abortsWait(subject, context, lookup, { abort: () => controller.abort(), options });
    },
    negative: ignoresSignals,
  };
}

function arriving(lookup: Lookup, name: SignalName): Case {
  return {
    ...about(lookup, name),
    id: `aborts/as-arrives-the-${suffix(lookup, name)}`,
    title: `A call that the signal of ${SIGNALS[name].of} aborts just as the ${lookup} arrives ` +
      "sends nothing",
    async run(subject, context) {
      const abort = new AbortController();
      const options = lookingUp(lookup, context, () => abort.abort());
      const connection = await subject.connect(options, context.fetch);
      await rejects(ask(connection, once(name, abort.signal)), "It succeeded");
      equal(context.sent.length, 0, "Requests sent");
    },
    negative: ignoresSignals,
  };
}

function before(lookup: Lookup): Case {
  return {
    ...about(lookup, "signal"),
    id: `aborts/before-lookup-of-${lookup}`,
    title:
      `A call that was aborted before it began neither looks up the ${lookup} nor sends anything`,
    async run(subject, context) {
      let lookups = 0;
      const options = lookingUp(lookup, context, () => lookups++);
      const connection = await subject.connect(options, context.fetch);
      await rejects(ask(connection, once("signal", AbortSignal.abort())), "It succeeded");
      equal([lookups, context.sent.length], [0, 0], "Lookups and requests");
    },
    negative: sendsWhenRefused,
  };
}

/** A signal of a program's own class, without `reason` and `throwIfAborted`. */
class OtherSignal extends EventTarget {
  aborted = false;
  abort() {
    this.aborted = true;
    this.dispatchEvent(new Event("abort"));
  }
}

function ofAnotherMake(lookup: Lookup): Case {
  return {
    ...about(lookup, "signal"),
    id: `aborts/signal-of-another-make-during-${lookup}`,
    title: `A signal of another class, without a reason, aborts the lookup of the ${lookup}`,
    waits: true,
    async run(subject, context) {
      const signal = new OtherSignal();
      const options = once("signal", signal as unknown as AbortSignal);
      await abortsWait(subject, context, lookup, { abort: () => signal.abort(), options });
    },
    negative: ignoresSignals,
  };
}

export const aborts: readonly Case[] = [
  ...combinations(during),
  ...combinations(arriving),
  ...LOOKUPS.map(before),
  ...LOOKUPS.map(ofAnotherMake),
];
