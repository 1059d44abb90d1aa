import type { Case, Connection } from "../case.ts";
import { equal, ok, rejects, within } from "../check.ts";
import { changesConnection, ignoresSignals } from "../subjects/faults.ts";
import { lookingUp } from "./lookups.ts";
import { ask, AT_ONCE_MS, empty, MODEL, withClient } from "./steps.ts";
import { NODE_2478 } from "./sources.ts";

/** Sets a time limit for calls that an abort does not end. */
const ONCE = { maxRetries: 0, timeoutMs: 8 * AT_ONCE_MS };

const request = withClient({
  id: "aborts/while-waiting-for-the-response",
  title: "The signal of a call aborts the wait for its response at once",
  source: NODE_2478,
  needs: ["respond"],
  handle: () => new Promise(() => {}),
  async run(connection, context) {
    const abort = new AbortController();
    const asked = ask(connection, { signal: abort.signal, ...ONCE });
    setTimeout(() => abort.abort(), 5);
    await rejects(within(AT_ONCE_MS, asked, "The abort is ignored"), "It succeeded");
    equal(context.sent.length, 1, "Requests sent");
  },
  negative: ignoresSignals,
});

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

/** Responds with the beginning of a stream, which then stalls. */
function stalled(): Response {
  const text = EVENTS.map((event) => `data: ${JSON.stringify(event)}\nevent: ${event.type}\n\n`);
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text.join(""))),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

async function firstThenAbort(connection: Connection): Promise<void> {
  ok(connection.streamResponse, "The subject does not offer `streamResponse`");
  const abort = new AbortController();
  const events = connection.streamResponse(
    { model: MODEL, input: "Say hello!" },
    { signal: abort.signal, ...ONCE },
  )[Symbol.asyncIterator]();
  for (const { type } of EVENTS) {
    const { value } = await within(AT_ONCE_MS, events.next(), `No ${type}`);
    equal(value?.type, type, "Event");
  }
  setTimeout(() => abort.abort(), 5);
  // Some clients end the stream, others throw
  const ended = events.next().then(({ done }) => ok(done, "An event that was not sent"), () => {});
  await within(AT_ONCE_MS, ended, "The abort is ignored");
}

const stream = withClient({
  id: "aborts/in-the-middle-of-a-stream",
  title: "The signal of a call aborts the wait for the next event of its stream",
  source: NODE_2478,
  needs: ["streamResponse"],
  handle: stalled,
  run: firstThenAbort,
  negative: ignoresSignals,
});

const lookupTimeout: Case = {
  id: "aborts/lookup-timeout",
  title: "The time limit of a call covers the lookup of a credential",
  source: "openai/openai-node src/providers/vertex.ts",
  needs: ["respond", "sigv4", "lookupTimeout"],
  handle: empty,
  async run(subject, context) {
    let release = () => {};
    const released = new Promise<void>((resolve) => release = resolve);
    const options = lookingUp("credentials", context, () => released);
    const connection = await subject.connect(options, context.fetch);
    const asked = ask(connection, { timeoutMs: 20, maxRetries: 0 });
    try {
      await rejects(within(AT_ONCE_MS, asked, "The limit is ignored"), "It succeeded");
      equal(context.sent.length, 0, "Requests sent");
    } finally {
      release();
    }
  },
  negative: changesConnection(({ respond, ...rest }) => ({
    ...rest,
    respond: respond && ((question) => respond(question, { maxRetries: 0 })),
  })),
};

export const waits: readonly Case[] = [request, stream, lookupTimeout];
