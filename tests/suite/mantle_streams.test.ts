import assert from "node:assert/strict";
import { test } from "node:test";
import { withMantle, withMantleAs } from "../support/local_mantle.ts";
import { BEARER, FAMILIES, GPT, OSS } from "../support/mantle_clients.ts";

const stream = async (origin: string, path: string, body: Record<string, unknown>) => {
  const init = { method: "POST", headers: BEARER, body: JSON.stringify({ ...body, stream: true }) };
  const response = await fetch(origin + path, init);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  return (await response.text()).split("\n\n");
};

test("a Responses stream on /openai/v1 puts data before event and ends without [DONE]", async () => {
  await withMantleAs({ now: () => Date.UTC(2026, 5, 12) }, async ({ origin }) => {
    const blocks = await stream(origin, "/openai/v1/responses", { model: GPT, input: "Hi" });
    assert.equal(blocks.pop(), "");
    const events = blocks.map((block, index) => {
      const [, data, name] = /^data: (.+)\nevent: (.+)$/.exec(block) ?? [];
      const event = JSON.parse(data ?? "");
      assert.deepEqual([event.type, event.sequence_number], [name, index]);
      return event;
    });
    assert.deepEqual(events.map(({ type }) => type.slice("response.".length)), [
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      ...Array(4).fill("output_text.delta"),
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
    const [started, completed] = [events[0].response, events.at(-1).response];
    assert.deepEqual([started.status, started.usage, started.output], ["in_progress", null, []]);
    assert.deepEqual([started.service_tier, completed.service_tier], ["auto", "default"]);
    assert.match(completed.id, /^resp_[a-z2-7]{52}$/);
    assert.match(completed.output[0].id, /^msg_[0-9a-f]{32}$/);
    assert.equal(completed.created_at, Date.UTC(2026, 5, 12) / 1000);
    assert.equal("billing" in completed, false);
  });
});

test("a gpt-oss response has a float created_at, reasoning and fewer fields", async () => {
  await withMantle(async ({ origin }) => {
    const body = JSON.stringify({ model: OSS, input: "Hi" });
    const init = { method: "POST", headers: BEARER, body };
    const text = await (await fetch(`${origin}/v1/responses`, init)).text();
    assert.match(text, /"created_at":\d+\.0,/);
    const response = JSON.parse(text);
    assert.deepEqual(response.output.map(({ type }: { type: string }) => type), [
      "reasoning",
      "message",
    ]);
    assert.match(response.output[1].id, /^msg_[0-9a-f]{16}$/);
    assert.equal("store" in response || "billing" in response, false);
    const blocks = await stream(origin, "/v1/responses", { model: OSS, input: "Hi" });
    assert.match(blocks.join("\n\n"), /event: response\.reasoning_text\.delta\ndata: /);
  });
});

test("a chat stream ends with usage if requested, and with [DONE] only on /openai/v1", async () => {
  await withMantle(async ({ origin }) => {
    for (const [prefix, model] of Object.entries(FAMILIES)) {
      const messages = [{ role: "user", content: "Hi" }];
      const body = { model, messages, stream_options: { include_usage: true } };
      const blocks = await stream(origin, `${prefix}/chat/completions`, body);
      assert.equal(blocks.pop(), "");
      if (prefix === "/openai/v1") assert.equal(blocks.pop(), "data: [DONE]");
      const chunks = blocks.map((block) => JSON.parse(block.slice("data: ".length)));
      const [finish, usage] = chunks.slice(-2);
      assert.deepEqual([finish.choices[0].finish_reason, finish.usage], ["stop", null]);
      assert.deepEqual([usage.choices, typeof usage.usage.total_tokens], [[], "number"]);
      const without = await stream(origin, `${prefix}/chat/completions`, { model, messages });
      assert.equal(without.some((block) => block.includes('"choices":[]')), false);
    }
  });
});

test("the events of a stream are chunkDelayMs apart", async () => {
  await withMantleAs({ chunkDelayMs: 20 }, async ({ origin }) => {
    const start = performance.now();
    const blocks = await stream(origin, "/openai/v1/responses", { model: GPT, input: "Hi" });
    assert.ok(performance.now() - start > 15 * (blocks.length - 2));
  });
});
