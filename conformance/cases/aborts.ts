import type { CallOptions, Capability, Case, Context, Subject } from "../case.ts";
import { equal, ok, rejects, within } from "../check.ts";
import { deaf, onConnection, sendsWhenRefused } from "../subjects/faults.ts";
import { ask, AT_ONCE_MS, empty, MODEL, withToken } from "./steps.ts";

const MODES = {
  token: { source: "https://github.com/openai/openai-node/issues/2478", need: "tokenProvider" },
  credentials: { source: "https://github.com/openai/openai-node/issues/2610", need: "sigv4" },
} as const;

const SIGNALS = {
  signal: { of: "the call", needs: [] },
  transportSignal: { of: "the transport's options", needs: ["transportSignal"] },
} as const;

type Mode = keyof typeof MODES;
type SignalName = keyof typeof SIGNALS;

/** Options with a callback for the credential, in one of the modes. */
function lookingUp(mode: Mode, { region, bearerToken, credentials }: Context, act: () => unknown) {
  return mode === "token"
    ? { region, tokenProvider: async () => (await act(), bearerToken) }
    : { region, credentialProvider: async () => (await act(), credentials) };
}

/** Calls that are given up leave no timer behind that would keep a process alive. */
function once(name: SignalName, signal: AbortSignal): CallOptions {
  return { [name]: signal, maxRetries: 0, timeoutMs: 2_000 };
}

function combinations(define: (mode: Mode, name: SignalName) => Case): Case[] {
  return (["token", "credentials"] as const).flatMap((mode) =>
    (["signal", "transportSignal"] as const).map((name) => define(mode, name))
  );
}

function about(mode: Mode, name: SignalName) {
  const needs: Capability[] = ["respond", MODES[mode].need, ...SIGNALS[name].needs];
  return { source: MODES[mode].source, needs, answer: empty };
}

const suffix = (mode: Mode, name: SignalName) =>
  mode + (name === "signal" ? "" : "-by-transport-signal");

function during(mode: Mode, name: SignalName): Case {
  return {
    ...about(mode, name),
    id: `aborts/during-lookup-of-${suffix(mode, name)}`,
    title: `The signal of ${SIGNALS[name].of} ends the wait for the ${mode} at once`,
    async run(subject, context) {
      const abort = new AbortController();
      let release = () => {};
      const released = new Promise<void>((resolve) => release = resolve);
      const act = () => (setTimeout(() => abort.abort(), 1), released);
      const connection = await subject.connect(lookingUp(mode, context, act), context.fetch);
      const asked = ask(connection, once(name, abort.signal));
      try {
        await rejects(within(AT_ONCE_MS, asked, "The abort is not heeded"), "It was answered");
        equal(context.sent.length, 0, "Requests sent");
      } finally {
        release();
      }
    },
    negative: deaf,
  };
}

function arriving(mode: Mode, name: SignalName): Case {
  return {
    ...about(mode, name),
    id: `aborts/as-arrives-the-${suffix(mode, name)}`,
    title: `A call that is aborted just as the ${mode} arrives, by the signal of ` +
      `${SIGNALS[name].of}, sends nothing`,
    async run(subject, context) {
      const abort = new AbortController();
      const options = lookingUp(mode, context, () => abort.abort());
      const connection = await subject.connect(options, context.fetch);
      await rejects(ask(connection, once(name, abort.signal)), "It was answered");
      equal(context.sent.length, 0, "Requests sent");
    },
    negative: deaf,
  };
}

function before(mode: Mode): Case {
  return {
    ...about(mode, "signal"),
    id: `aborts/before-lookup-of-${mode}`,
    title: `A call that was aborted before it began looks up no ${mode} and sends nothing`,
    async run(subject, context) {
      let lookups = 0;
      const options = lookingUp(mode, context, () => lookups++);
      const connection = await subject.connect(options, context.fetch);
      await rejects(ask(connection, once("signal", AbortSignal.abort())), "It was answered");
      equal([lookups, context.sent.length], [0, 0], "Lookups and requests");
    },
    negative: sendsWhenRefused,
  };
}

const request: Case = {
  id: "aborts/while-waiting-for-the-answer",
  title: "The signal of a call ends the wait for its answer at once",
  source: "https://github.com/openai/openai-node/issues/2478",
  needs: ["respond"],
  answer: () => new Promise(() => {}),
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    const abort = new AbortController();
    const asked = ask(connection, once("signal", abort.signal));
    setTimeout(() => abort.abort(), 5);
    await rejects(within(AT_ONCE_MS, asked, "The abort is not heeded"), "It was answered");
    equal(context.sent.length, 1, "Requests sent");
  },
  negative: deaf,
};

const EVENTS = [
  {
    type: "response.created",
    sequence_number: 0,
    response: { id: "resp_0", object: "response", created_at: 0, model: MODEL, output: [] },
  },
  {
    type: "response.output_item.added",
    sequence_number: 1,
    output_index: 0,
    item: { id: "msg_0", type: "message", role: "assistant", content: [] },
  },
  {
    type: "response.output_text.delta",
    sequence_number: 2,
    item_id: "msg_0",
    output_index: 0,
    content_index: 0,
    delta: "Hello",
    logprobs: [],
  },
];

/** The beginning of a stream, and then nothing more. */
function stalled(): Response {
  const text = EVENTS.map((event) => `data: ${JSON.stringify(event)}\nevent: ${event.type}\n\n`);
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text.join(""))),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

async function firstThenAbort(subject: Subject, context: Context): Promise<void> {
  const connection = await subject.connect(withToken(context), context.fetch);
  ok(connection.streamResponse, "The subject does not offer `streamResponse`");
  const abort = new AbortController();
  const events = connection.streamResponse(
    { model: MODEL, input: "Say hello!" },
    once("signal", abort.signal),
  )[Symbol.asyncIterator]();
  for (const { type } of EVENTS) {
    const { value } = await within(AT_ONCE_MS, events.next(), `No ${type}`);
    equal(value?.type, type, "Event");
  }
  setTimeout(() => abort.abort(), 5);
  // Some end the stream quietly, some throw
  const ended = events.next().then(({ done }) => ok(done, "An event that was not sent"), () => {});
  await within(AT_ONCE_MS, ended, "The abort is not heeded");
}

const stream: Case = {
  id: "aborts/in-the-middle-of-a-stream",
  title: "The signal of a call ends the wait for the next event of its stream",
  source: "https://github.com/openai/openai-node/issues/2478",
  needs: ["streamResponse"],
  answer: stalled,
  run: firstThenAbort,
  negative: deaf,
};

const lookupTimeout: Case = {
  id: "aborts/lookup-timeout",
  title: "The time limit of a call also ends the wait for a credential",
  source: "openai/openai-node src/providers/vertex.ts",
  needs: ["respond", "sigv4", "lookupTimeout"],
  answer: empty,
  async run(subject, context) {
    let release = () => {};
    const released = new Promise<void>((resolve) => release = resolve);
    const options = lookingUp("credentials", context, () => released);
    const connection = await subject.connect(options, context.fetch);
    const asked = ask(connection, { timeoutMs: 20, maxRetries: 0 });
    try {
      await rejects(within(AT_ONCE_MS, asked, "The limit is not heeded"), "It was answered");
      equal(context.sent.length, 0, "Requests sent");
    } finally {
      release();
    }
  },
  negative: onConnection(({ respond, ...rest }) => ({
    ...rest,
    respond: respond && ((question) => respond(question, { maxRetries: 0 })),
  })),
};

export const aborts: readonly Case[] = [
  ...combinations(during),
  ...combinations(arriving),
  before("token"),
  before("credentials"),
  request,
  stream,
  lookupTimeout,
];
