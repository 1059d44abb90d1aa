import type { Case, Connection, Context, StreamEvent } from "../case.ts";
import { equal, ok, rejects, within } from "../check.ts";
import { onConnection, receivesText, sends } from "../subjects/faults.ts";
import { AT_ONCE_MS, MODEL, V1_MODEL, withToken } from "./steps.ts";
import { verifies } from "./signature.ts";

const RECORDINGS = "pydantic/pydantic-ai@4fda3898 tests/models/cassettes/test_bedrock_mantle";
const BIFROST_7065 = "https://github.com/maximhq/bifrost/issues/7065";
const QUESTION = { model: MODEL, input: "Say hello!" };

/** All events of a streamed response. */
async function eventsOf(connection: Connection, question = QUESTION): Promise<StreamEvent[]> {
  ok(connection.streamResponse, "The subject does not offer `streamResponse`");
  const events = [];
  for await (const event of connection.streamResponse(question)) events.push(event);
  return events;
}

interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: { readonly total_tokens: number } | null;
}

/** All chunks of a streamed chat. */
async function chunksOf(connection: Connection, model = MODEL): Promise<readonly Chunk[]> {
  ok(connection.streamChat, "The subject does not offer `streamChat`");
  const fields = { stream_options: { include_usage: true } };
  const chunks = [];
  for await (const chunk of connection.streamChat({ ...QUESTION, model, fields })) {
    chunks.push(chunk as Chunk);
  }
  return chunks;
}

const textOf = (events: readonly StreamEvent[]) =>
  events.filter(({ type }) => type === "response.output_text.delta").map(({ delta }) => delta)
    .join("");

const chatText = (chunks: readonly Chunk[]) =>
  chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? "").join("");

const connected = (subject: Parameters<Case["run"]>[0], context: Context) =>
  subject.connect(withToken(context), context.fetch);

const text: Case = {
  id: "streaming/data-before-event",
  title: "A stream whose blocks name their event after the data arrives whole and in order",
  source: RECORDINGS,
  needs: ["streamResponse"],
  cassette: "responses/gpt_text_streamed",
  async run(subject, context) {
    const events = await eventsOf(await connected(subject, context));
    equal(events[0]?.type, "response.created", "First event");
    equal(events.at(-1)?.type, "response.completed", "Last event");
    equal(events.map((event) => event.sequence_number), [...events.keys()], "Numbers of events");
    const done = events.find(({ type }) => type === "response.output_text.done");
    equal(textOf(events), done?.text, "Text of the deltas");
  },
  negative: receivesText((text) => text.replace(/data: .*output_text\.delta.*\n.*\n\n/, "")),
};

const signed: Case = {
  id: "streaming/signed",
  title: "A request for a stream is signed like any other",
  source: "openai/openai-node@7b7d6ca7 docs/bedrock.md",
  needs: ["streamResponse", "sigv4"],
  cassette: "responses/gpt_text_streamed",
  async run(subject, context) {
    const { credentials, fetch, sent } = context;
    const options = { ...withToken(context), apiKey: undefined, ...credentials };
    const events = await eventsOf(await subject.connect(options, fetch));
    equal(events.at(-1)?.type, "response.completed", "Last event");
    for (const request of sent) await verifies(request, context, { credentials });
  },
  negative: sends((request) => void (request.url += "?added=1")),
};

const noSnapshot: Case = {
  id: "streaming/empty-final-snapshot",
  title: "Text that was streamed is not lost where the final snapshot holds no output",
  source: "samfoy/pi-bedrock-mantle@822af6b6 forensics-2026-06-07",
  needs: ["streamResponse"],
  cassette: "responses/completed_snapshot_without_output",
  async run(subject, context) {
    const events = await eventsOf(await connected(subject, context));
    const last = events.at(-1) as { type?: string; response?: { output?: unknown } } | undefined;
    equal(last?.type, "response.completed", "Last event");
    equal(last?.response?.output, [], "Output of the final snapshot");
    ok(textOf(events), "No text was streamed");
  },
  negative: onConnection(({ streamResponse, ...rest }) => ({
    ...rest,
    async *streamResponse(...args) {
      for await (const event of streamResponse?.(...args) ?? []) {
        if (event.type === "response.completed") yield event;
      }
    },
  })),
};

const failed: Case = {
  id: "streaming/failed-response-is-told",
  title: "A stream that ends in response.failed is no success: it throws, or yields that event",
  source: "https://github.com/openai/openai-node/issues/2409",
  needs: ["streamResponse"],
  cassette: "responses/failed_streamed",
  async run(subject, context) {
    const connection = await connected(subject, context);
    const last = await eventsOf(connection).then((events) => events.at(-1)?.type, () => "error");
    ok(last === "response.failed" || last === "error", `The stream ended in ${last}`);
  },
  negative: receivesText((text) => text.replaceAll("response.failed", "response.completed")),
};

const usage: Case = {
  id: "streaming/usage-comes-last",
  title: "The usage of a chat, which comes in a chunk after the finish reason, is kept",
  source: BIFROST_7065,
  needs: ["streamChat", "items"],
  cassette: "chat/streamed_with_done",
  async run(subject, context) {
    const chunks = await chunksOf(await connected(subject, context), "google.gemma-4-31b");
    ok(chatText(chunks), "No text was streamed");
    ok((chunks.at(-1)?.usage?.total_tokens ?? 0) > 0, "The last chunk tells no usage");
  },
  negative: receivesText((text) => text.replace(/data: \{[^\n]*"total_tokens".*\n\n/, "")),
};

const withoutDone: Case = {
  id: "streaming/chat-without-done",
  title: "A chat that ends without [DONE] ends well, with its usage",
  source: "https://github.com/maximhq/bifrost/issues/5871",
  needs: ["streamChat", "items"],
  cassette: "chat/streamed_without_done",
  async run(subject, context) {
    const connection = await subject.connect(withToken(context, "/v1"), context.fetch);
    const chunks = await chunksOf(connection, V1_MODEL);
    ok((chunks.at(-1)?.usage?.total_tokens ?? 0) > 0, "The last chunk tells no usage");
  },
  negative: receivesText((text) => text.replace(/data: \{[^\n]*"total_tokens".*\n\n/, "")),
};

const errorFrame: Case = {
  id: "streaming/error-in-a-stream-throws",
  title: "An error that comes as a frame of a stream which began with 200 is thrown",
  source: "https://github.com/openai/openai-node/issues/2409",
  needs: ["streamChat"],
  cassette: "chat/error_in_stream",
  async run(subject, context) {
    const connection = await subject.connect(withToken(context, "/v1"), context.fetch);
    await rejects(chunksOf(connection, V1_MODEL), "The stream ended well");
  },
  negative: receivesText((text) => text.replace(/data: \{"error".*\n\n/, "")),
};

const oddPieces: Case = {
  id: "streaming/odd-pieces",
  title: "Text arrives unharmed when chunks end inside a character, a line or an event",
  source: "https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream",
  needs: ["streamChat"],
  cassette: "chat/streamed_in_odd_pieces",
  async run(subject, context) {
    equal(chatText(await chunksOf(await connected(subject, context))), "Grüße aus Zürich", "Text");
  },
  negative: receivesText((text) => text.replace("ü", "\ufffd\ufffd")),
};

const brokenOff: Case = {
  id: "streaming/broken-off-throws",
  title: "A connection that breaks in the middle of a stream is an error, not an end",
  source: "https://fetch.spec.whatwg.org/#http-network-fetch",
  needs: ["streamResponse"],
  cassette: "responses/stream_broken_off",
  async run(subject, context) {
    const connection = await connected(subject, context);
    await rejects(eventsOf(connection), "The stream ended well");
  },
  negative: onConnection(({ streamResponse, ...rest }) => ({
    ...rest,
    async *streamResponse(...args) {
      try {
        yield* streamResponse?.(...args) ?? [];
      } catch {
        // As if it had ended
      }
    },
  })),
};

let cancelled: Promise<void> | undefined;

const leftEarly: Case = {
  id: "streaming/left-early-is-cancelled",
  title: "A stream that is left early is cancelled, so that no connection stays open for it",
  source: "https://github.com/maximhq/bifrost/issues/5871",
  needs: ["streamChat"],
  answer() {
    let cancel = () => {};
    cancelled = new Promise((resolve) => cancel = resolve);
    const delta = { index: 0, delta: { role: "assistant", content: "x" }, finish_reason: null };
    const chunk = { id: "chatcmpl-0", object: "chat.completion.chunk", created: 0, model: MODEL };
    const line = `data: ${JSON.stringify({ ...chunk, choices: [delta] })}\n\n`;
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(line.repeat(3))),
      cancel,
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  },
  async run(subject, context) {
    const connection = await connected(subject, context);
    ok(connection.streamChat, "The subject does not offer `streamChat`");
    for await (const _ of connection.streamChat(QUESTION)) break;
    await within(AT_ONCE_MS, cancelled ?? Promise.resolve(), "The stream is not cancelled");
  },
  negative: onConnection(({ streamChat, ...rest }) => ({
    ...rest,
    streamChat: streamChat && ((...args) => {
      const chunks = streamChat(...args)[Symbol.asyncIterator]();
      return { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) };
    }),
  })),
};

export const streaming: readonly Case[] = [
  text,
  signed,
  noSnapshot,
  failed,
  usage,
  withoutDone,
  errorFrame,
  oddPieces,
  brokenOff,
  leftEarly,
];
