import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { bedrock } from "../../mod.ts";
import { limitIdleTime } from "../../src/exchange/response.ts";
import { withServer } from "../support/local_mantle.ts";

const LIMIT = 60;

/** Creates a response whose pieces come after these pauses, in milliseconds. */
function paced(...pauses: readonly number[]) {
  const state = { cancelled: false, asked: 0 };
  const left = [...pauses];
  const response = new Response(
    new ReadableStream({
      async pull(controller) {
        state.asked++;
        const pause = left.shift();
        if (pause === undefined) return controller.close();
        await new Promise((resolve) => setTimeout(resolve, pause));
        controller.enqueue(new TextEncoder().encode("x"));
      },
      cancel() {
        state.cancelled = true;
      },
    }, { highWaterMark: 0 }),
  );
  return { response, state };
}

test("time in which nobody reads does not count as idle, and nothing is read ahead", async () => {
  const { response, state } = paced(1, 1);
  const reader = limitIdleTime(response, LIMIT).body!.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 2 * LIMIT));
  assert.equal(state.asked, 1);
  await reader.read();
  await reader.cancel();
  assert.ok(state.cancelled);
});

test("without a limit or a body the response is returned unchanged", () => {
  const { response } = paced();
  assert.equal(limitIdleTime(response, undefined), response);
  const none = new Response(null, { status: 204 });
  assert.equal(limitIdleTime(none, LIMIT), none);
});

const EVENT = { type: "response.created", response: { id: "resp_1" } };

/** Creates a service that begins a stream and then falls silent. */
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
