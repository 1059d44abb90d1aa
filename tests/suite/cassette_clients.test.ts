import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { toFile } from "openai";
import { cassette, CASSETTES } from "../../conformance/cassettes/mod.ts";
import type { CassetteId } from "../../conformance/cassettes/mod.ts";
import { deck, MODES } from "../support/cassette_player.ts";
import type { Mode } from "../support/cassette_player.ts";

const GPT = "openai.gpt-5.6-luna";
const OSS = "openai.gpt-oss-120b";
const EMPTY = "openai.gpt-5.5";
const PROFILE = "us.openai.gpt-5.6-luna";
type Prefix = "/openai/v1" | "/v1";
type Messages = OpenAI.Chat.ChatCompletionMessageParam[];
const MESSAGES: Messages = [{ role: "user", content: "Hi" }];

/** Tests that the official client plays a cassette to its end, in each mode. */
function plays(id: CassetteId, prefix: Prefix, use: (client: OpenAI) => Promise<void>): void {
  test(`the official client plays ${id}`, async () => {
    for (const mode of Object.keys(MODES) as Mode[]) {
      const { client, mismatches, unplayed } = deck(cassette(id), mode);
      await use(client(prefix));
      assert.deepEqual([mismatches(), unplayed()], [[], []], mode);
    }
  });
}

async function streamed(client: OpenAI, model: string): Promise<[text: string, last: string]> {
  let [text, last] = ["", ""];
  for await (const event of await client.responses.create({ model, input: "Hi", stream: true })) {
    if (event.type === "response.output_text.delta") text += event.delta;
    last = event.type;
  }
  return [text, last];
}

async function chatted(client: OpenAI, model: string, usage = true): Promise<string> {
  const chunks = await client.chat.completions.create({
    model,
    messages: MESSAGES,
    stream: true,
    ...(usage ? { stream_options: { include_usage: true } } : {}),
  });
  let text = "";
  let total: number | undefined;
  for await (const chunk of chunks) {
    text += chunk.choices[0]?.delta.content ?? "";
    total = chunk.usage?.total_tokens;
  }
  return total === undefined ? text : `${text} (${total})`;
}

const WHOLE: [CassetteId, Prefix, string, string][] = [
  ["responses/gpt_text", "/openai/v1", GPT, "Hello there!"],
  ["responses/gpt_reasoning", "/openai/v1", GPT, "Forty-two."],
  ["responses/gpt_oss_reasoning", "/v1", OSS, "Hello!"],
  ["responses/failed_with_200", "/v1", OSS, ""],
  ["responses/empty_output", "/openai/v1", EMPTY, ""],
  ["runtime/responses", "/openai/v1", PROFILE, "Hello from the Runtime."],
];
for (const [id, prefix, model, text] of WHOLE) {
  plays(id, prefix, async ({ responses }) => {
    assert.equal((await responses.create({ model, input: "Hi" })).output_text, text);
  });
}

const STREAMED: [CassetteId, Prefix, string, string, string][] = [
  ["responses/gpt_text_streamed", "/openai/v1", GPT, "Hello there, reader!", "completed"],
  ["responses/gpt_reasoning_streamed", "/openai/v1", GPT, "Forty-two.", "completed"],
  ["responses/gpt_oss_reasoning_streamed", "/v1", OSS, "Hello again!", "completed"],
  ["responses/failed_streamed", "/openai/v1", GPT, "", "failed"],
  ["responses/empty_output_streamed", "/openai/v1", EMPTY, "", "completed"],
  [
    "responses/completed_snapshot_without_output",
    "/openai/v1",
    GPT,
    "Only the events have this.",
    "completed",
  ],
  ["responses/stream_ends_early", "/openai/v1", GPT, "This will never", "output_text.delta"],
  ["runtime/responses_streamed", "/openai/v1", PROFILE, "Hello, Runtime!", "completed"],
];
for (const [id, prefix, model, text, last] of STREAMED) {
  plays(id, prefix, async (client) => {
    assert.deepEqual(await streamed(client, model), [text, `response.${last}`]);
  });
}

const CHATS: [CassetteId, Prefix, string, string][] = [
  ["chat/streamed_with_done", "/openai/v1", "google.gemma-4-31b", "Hello there, reader! (14)"],
  ["chat/streamed_without_done", "/v1", OSS, "Hello there, reader! (14)"],
  ["chat/streamed_without_usage", "/openai/v1", GPT, "Hello there, reader!"],
  ["chat/streamed_in_odd_pieces", "/openai/v1", GPT, "Grüße aus Zürich"],
  ["runtime/chat_streamed", "/openai/v1", "openai.gpt-oss-120b-1:0", "Hello there, reader! (14)"],
];
for (const [id, prefix, model, text] of CHATS) {
  plays(id, prefix, async (client) => {
    assert.equal(await chatted(client, model, text.endsWith(")")), text);
  });
}

plays("responses/stream_broken_off", "/openai/v1", async (client) => {
  await assert.rejects(streamed(client, GPT), /reset/);
});

plays("chat/error_in_stream", "/v1", async (client) => {
  await assert.rejects(chatted(client, OSS, false), /Task submission failed/);
});

plays("chat/tool_call", "/v1", async ({ chat }) => {
  const first = await chat.completions.create({ model: OSS, messages: MESSAGES });
  const said = first.choices[0]!.message;
  const call = said.tool_calls?.[0];
  assert.ok(call?.type === "function");
  assert.equal(call.function.arguments, '{"city":"Paris"}');
  const result = { role: "tool", tool_call_id: call.id, content: "Sunny" } as const;
  const messages: Messages = [...MESSAGES, said, result];
  const second = await chat.completions.create({ model: OSS, messages });
  assert.equal(second.choices[0]?.message.content, "It is sunny.");
});

plays("responses/function_calls", "/openai/v1", async ({ responses }) => {
  const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "Call both." }];
  for (const output of ["first result", "second result"]) {
    const [call] = (await responses.create({ model: GPT, input })).output;
    assert.ok(call?.type === "function_call");
    assert.equal(call.call_id, "call_0");
    input.push(call, { type: "function_call_output", call_id: call.call_id, output });
  }
  const { output_text } = await responses.create({ model: GPT, input });
  assert.equal(output_text, "Both results are in.");
});

plays("responses/stored_retrieved_deleted", "/openai/v1", async ({ responses }) => {
  const { id } = await responses.create({ model: GPT, input: "Hi" });
  assert.equal((await responses.retrieve(id)).output_text, "Kept.");
  await responses.delete(id);
  await assert.rejects(responses.retrieve(id), { status: 404, code: "not_found_error" });
});

plays("models/list", "/v1", async ({ models }) => {
  assert.deepEqual((await models.list()).data.map(({ object }) => object), Array(4).fill("model"));
});

plays("files/uploaded_listed_read_deleted", "/v1", async ({ files }) => {
  const file = await toFile(new Blob(['{"text":"Hello"}']), "greeting.jsonl");
  const { id } = await files.create({ file, purpose: "fine-tune" });
  assert.deepEqual((await files.list()).data.map((each) => each.id), [id]);
  assert.equal((await files.retrieve(id)).filename, "greeting.jsonl");
  assert.equal(await (await files.content(id)).text(), '{"text":"Hello"}');
  assert.equal((await files.delete(id)).deleted, true);
  await assert.rejects(files.retrieve(id), { status: 404 });
});

test("a client does not retry a request that does not match", async () => {
  const { client, mismatches, unplayed } = deck(cassette("responses/gpt_text"));
  const again = client().withOptions({ maxRetries: 2 });
  const refused = again.responses.create({ model: OSS, input: "Hi" });
  await assert.rejects(refused, { status: 500, code: "cassette_mismatch", param: "body.model" });
  assert.deepEqual(mismatches(), [{
    exchange: 0,
    field: "body.model",
    expected: `"${GPT}"`,
    found: `"${OSS}"`,
  }]);
  assert.deepEqual(unplayed(), ["0: POST /openai/v1/responses"]);
});

test("the official client reports the error of every cassette", async () => {
  let count = 0;
  for (const [id, each] of CASSETTES) {
    const [{ request, response } = assert.fail()] = each.exchanges;
    const { body } = request;
    const isPlain = each.exchanges.length === 1 && !request.forbidden && body && "json" in body;
    if (request.method !== "POST" || !isPlain || response.status < 400) continue;
    const [prefix] = /^(?:\/openai)?\/v1/.exec(request.path) ?? [];
    if (prefix !== "/v1" && prefix !== "/openai/v1") continue;
    const { client, unplayed } = deck(each);
    const path = request.path.slice(prefix.length);
    const failed = await client(prefix).post(path, { body: body.json }).catch((error) => error);
    assert.ok(failed instanceof OpenAI.APIError, id);
    assert.equal(failed.status, response.status, id);
    const { json } = JSON.parse(JSON.stringify(response.body));
    assert.deepEqual(failed.error, json.error ?? json, id);
    assert.deepEqual(unplayed(), [], id);
    count++;
  }
  assert.ok(count >= 35, `${count} errors`);
});
