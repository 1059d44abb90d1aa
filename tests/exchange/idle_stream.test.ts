import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { bedrock } from "../../mod.ts";
import { limitIdleTime } from "../../src/exchange/stream.ts";
import { withServer } from "../support/local_mantle.ts";

const LIMIT = 60;

/** An answer whose pieces come after these pauses, in milliseconds, and whether it was cancelled. */
function paced(pauses: readonly number[], end = true) {
  const state = { cancelled: false, asked: 0 };
  const left = [...pauses];
  const answer = new Response(
    new ReadableStream({
      async pull(controller) {
        state.asked++;
        const pause = left.shift();
        if (pause === undefined) return end ? controller.close() : new Promise(() => {});
        await new Promise((resolve) => setTimeout(resolve, pause));
        controller.enqueue(new TextEncoder().encode("x"));
      },
      cancel() {
        state.cancelled = true;
      },
    }, { highWaterMark: 0 }),
    { status: 201, headers: { "x-own": "1" } },
  );
  return { answer, state };
}

test("a stream that goes on is read to its end, however long it takes in all", async () => {
  const { answer } = paced([20, 20, 20, 20, 20]);
  const guarded = limitIdleTime(answer, LIMIT);
  assert.deepEqual([guarded.status, guarded.headers.get("x-own")], [201, "1"]);
  assert.equal(await guarded.text(), "xxxxx");
});

test("a stream that stays silent ends in a TimeoutError, and its connection is freed", async () => {
  const { answer, state } = paced([1], false);
  const reading = limitIdleTime(answer, LIMIT).text();
  await assert.rejects(reading, { name: "TimeoutError", message: /no data arrived for 60 ms/ });
  assert.ok(state.cancelled);
});

test("time in which nobody reads does not count, and nothing is read ahead", async () => {
  const { answer, state } = paced([1, 1]);
  const reader = limitIdleTime(answer, LIMIT).body!.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 2 * LIMIT));
  assert.equal(state.asked, 1);
  await reader.read();
  await reader.cancel();
  assert.ok(state.cancelled);
});

test("without a limit, and without a body, the answer is the very one that came", () => {
  const { answer } = paced([]);
  assert.equal(limitIdleTime(answer, undefined), answer);
  const none = new Response(null, { status: 204 });
  assert.equal(limitIdleTime(none, LIMIT), none);
});

const EVENT = { type: "response.created", response: { id: "resp_1" } };

/** A service that begins a stream and then says nothing, over a socket. */
function silent(): { handler: () => Promise<Response>; left: Promise<void> } {
  let leave = () => {};
  const left = new Promise<void>((resolve) => leave = resolve);
  const text = `data: ${JSON.stringify(EVENT)}\nevent: ${EVENT.type}\n\n`;
  const handler = async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      cancel: () => leave(),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  return { handler, left };
}

test("idleTimeoutMs ends a stalled stream of the OpenAI client, over a socket", async () => {
  const { handler, left } = silent();
  await withServer(handler, async (origin) => {
    const baseURL = `${origin}/openai/v1`;
    const options = { region: "us-west-2", endpoint: "mantle", ...EXAMPLE_CREDENTIALS } as const;
    const client = new OpenAI(bedrock({ ...options, env: {}, baseURL, idleTimeoutMs: LIMIT }));
    const stream = await client.responses.create({ model: "m", input: "x", stream: true });
    const types: string[] = [];
    const reading = (async () => {
      for await (const { type } of stream) types.push(type);
    })();
    await assert.rejects(reading, /no data arrived for 60 ms/);
    assert.deepEqual(types, ["response.created"]);
    await left;
  });
});

test("leaving a stream early frees its connection, with a limit and without", async () => {
  for (const idleTimeoutMs of [undefined, 60_000]) {
    const { handler, left } = silent();
    await withServer(handler, async (origin) => {
      const baseURL = `${origin}/openai/v1`;
      const client = new OpenAI(
        bedrock({ region: "us-west-2", apiKey: "key", env: {}, baseURL, idleTimeoutMs }),
      );
      const stream = await client.responses.create({ model: "m", input: "x", stream: true });
      for await (const _ of stream) break;
      await left;
    });
  }
});
