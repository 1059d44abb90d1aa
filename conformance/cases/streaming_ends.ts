import type { Case } from "../case.ts";
import { ok, rejects, within } from "../check.ts";
import { changesText, hidesStreamErrors, keepsStreamsOpen } from "../subjects/faults.ts";
import { AT_ONCE_MS, MODEL, V1_MODEL, withClient, withToken } from "./steps.ts";
import { chunksOf, eventsOf, QUESTION, watchFetch } from "./streams.ts";
import { BIFROST_5871, FETCH_NETWORK } from "./sources.ts";

const ISSUE_2409 = "https://github.com/openai/openai-node/issues/2409";

const failed = withClient({
  id: "streaming/failed-response-is-told",
  title: "A stream that ends in response.failed throws or yields that event",
  source: ISSUE_2409,
  needs: ["streamResponse"],
  cassette: "responses/failed_streamed",
  async run(connection) {
    const last = await eventsOf(connection).then((events) => events.at(-1)?.type, () => "error");
    ok(last === "response.failed" || last === "error", `The stream ended in ${last}`);
  },
  negative: changesText((text) => text.replaceAll("response.failed", "response.completed")),
});

const withoutDone = withClient({
  id: "streaming/chat-without-done",
  title: "A chat without [DONE] ends without an error, and with its usage",
  source: BIFROST_5871,
  needs: ["streamChat", "items"],
  cassette: "chat/streamed_without_done",
  root: "/v1",
  async run(connection) {
    const chunks = await chunksOf(connection, V1_MODEL);
    ok((chunks.at(-1)?.usage?.total_tokens ?? 0) > 0, "The last chunk has no usage");
  },
  negative: changesText((text) => text.replace(/data: \{[^\n]*"total_tokens".*\n\n/, "")),
});

const errorFrame = withClient({
  id: "streaming/error-in-a-stream-throws",
  title: "An error inside a stream that began with 200 is thrown",
  source: ISSUE_2409,
  needs: ["streamChat"],
  cassette: "chat/error_in_stream",
  root: "/v1",
  async run(connection) {
    await rejects(chunksOf(connection, V1_MODEL), "The stream ended without an error");
  },
  negative: changesText((text) => text.replace(/data: \{"error".*\n\n/, "")),
});

const brokenOff = withClient({
  id: "streaming/broken-off-throws",
  title: "A connection that breaks in the middle of a stream is an error",
  source: FETCH_NETWORK,
  needs: ["streamResponse"],
  cassette: "responses/stream_broken_off",
  async run(connection) {
    await rejects(eventsOf(connection), "The stream ended without an error");
  },
  negative: hidesStreamErrors,
});

let sourceCancelled: Promise<void> | undefined;

const leftEarly: Case = {
  id: "streaming/left-early-is-cancelled",
  title: "A stream is cancelled when the caller stops reading, so that no connection stays open",
  source: BIFROST_5871,
  needs: ["streamChat"],
  handle() {
    let cancel = () => {};
    sourceCancelled = new Promise((resolve) => cancel = resolve);
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
    // Stays undefined if another process responds
    sourceCancelled = undefined;
    const { fetch, left } = watchFetch(context.fetch);
    const connection = await subject.connect(withToken(context), fetch);
    ok(connection.streamChat, "The subject does not offer `streamChat`");
    for await (const _ of connection.streamChat(QUESTION)) break;
    await within(AT_ONCE_MS, left, "The stream is not cancelled");
    if (!sourceCancelled) return;
    await within(AT_ONCE_MS, sourceCancelled, "The stream is not cancelled at its source");
  },
  negative: keepsStreamsOpen,
};

export const streamingEnds: readonly Case[] = [
  failed,
  withoutDone,
  errorFrame,
  brokenOff,
  leftEarly,
];
