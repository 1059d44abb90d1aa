import type { Case } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesConnection, changesRequest, changesText } from "../subjects/faults.ts";
import { withClient, withToken } from "./steps.ts";
import { chatText, chunksOf, eventsOf, textOf } from "./streams.ts";
import { verifies } from "./signature.ts";
import { BEDROCK_GUIDE, BIFROST_7065, NOTEBOOKS, RECORDINGS } from "./sources.ts";

const text = withClient({
  id: "streaming/data-before-event",
  title: "A stream with the event name after the data arrives complete and in order",
  source: RECORDINGS,
  needs: ["streamResponse"],
  cassette: "responses/gpt_text_streamed",
  async run(connection) {
    const events = await eventsOf(connection);
    equal(events[0]?.type, "response.created", "First event");
    equal(events.at(-1)?.type, "response.completed", "Last event");
    equal(events.map((event) => event.sequence_number), [...events.keys()], "Sequence numbers");
    const done = events.find(({ type }) => type === "response.output_text.done");
    equal(textOf(events), done?.text, "Text of the deltas");
  },
  negative: changesText((text) => text.replace(/data: .*output_text\.delta.*\n.*\n\n/, "")),
});

const signed: Case = {
  id: "streaming/signed",
  title: "A request for a stream is signed like any other",
  source: BEDROCK_GUIDE,
  needs: ["streamResponse", "sigv4"],
  cassette: "responses/gpt_text_streamed",
  async run(subject, context) {
    const { credentials, fetch, sent } = context;
    const options = { ...withToken(context), apiKey: undefined, ...credentials };
    const events = await eventsOf(await subject.connect(options, fetch));
    equal(events.at(-1)?.type, "response.completed", "Last event");
    for (const request of sent) await verifies(request, context, { credentials });
  },
  negative: changesRequest((request) => void (request.url += "?added=1")),
};

const noSnapshot = withClient({
  id: "streaming/empty-final-snapshot",
  title: "Streamed text is not lost if the final snapshot has no output",
  source: NOTEBOOKS,
  needs: ["streamResponse"],
  cassette: "responses/completed_snapshot_without_output",
  async run(connection) {
    const events = await eventsOf(connection);
    const last = events.at(-1) as { type?: string; response?: { output?: unknown } } | undefined;
    equal(last?.type, "response.completed", "Last event");
    equal(last?.response?.output, [], "Output of the final snapshot");
    ok(textOf(events), "No text was streamed");
  },
  negative: changesConnection(({ streamResponse, ...rest }) => ({
    ...rest,
    async *streamResponse(...args) {
      for await (const event of streamResponse?.(...args) ?? []) {
        if (event.type === "response.completed") yield event;
      }
    },
  })),
});

const usage = withClient({
  id: "streaming/usage-comes-last",
  title: "The usage of a chat, which comes in a chunk after the finish reason, is not lost",
  source: BIFROST_7065,
  needs: ["streamChat", "items"],
  cassette: "chat/streamed_with_done",
  async run(connection) {
    const chunks = await chunksOf(connection, "google.gemma-4-31b");
    ok(chatText(chunks), "No text was streamed");
    ok((chunks.at(-1)?.usage?.total_tokens ?? 0) > 0, "The last chunk has no usage");
  },
  negative: changesText((text) => text.replace(/data: \{[^\n]*"total_tokens".*\n\n/, "")),
});

const oddPieces = withClient({
  id: "streaming/odd-pieces",
  title: "Text arrives intact if chunks end inside a character, a line or an event",
  source: "https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream",
  needs: ["streamChat"],
  cassette: "chat/streamed_in_odd_pieces",
  async run(connection) {
    equal(chatText(await chunksOf(connection)), "Grüße aus Zürich", "Text");
  },
  negative: changesText((text) => text.replace("ü", "\ufffd\ufffd")),
});

export const streaming: readonly Case[] = [text, signed, noSnapshot, usage, oddPieces];
