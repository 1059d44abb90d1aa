import assert from "node:assert/strict";
import { test } from "node:test";
import { misbehave, parseMisbehaviours } from "../../conformance/mantle/mod.ts";
import { BEARER, GPT, PATH } from "../support/mantle_clients.ts";
import { withMisbehaving } from "../support/misbehaving_mantle.ts";

const STREAMED = { model: GPT, input: "Hi", stream: true } as const;

function post(origin: string, body: unknown, path = PATH, signal?: AbortSignal): Promise<Response> {
  const init = { method: "POST", headers: BEARER, body: JSON.stringify(body) };
  return fetch(origin + path, { ...init, ...(signal && { signal }) });
}

test("reset and stall apply at the end of the stream at the latest", async () => {
  await withMisbehaving("reset; after=1000; times=1", async ({ origin }) => {
    const response = await post(origin, STREAMED);
    await assert.rejects(response.text());
    assert.match(await (await post(origin, STREAMED)).text(), /response\.completed/);
  });
});

test("a stalled stream cancels its source when the client stops reading", async () => {
  let cancelled = false;
  const events = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
    cancel: () => void (cancelled = true),
  }, { highWaterMark: 0 });
  const headers = { "content-type": "text/event-stream; charset=utf-8" };
  const misbehaviours = parseMisbehaviours("stall; after=1");
  const handler = misbehave(() => new Response(events, { headers }), { misbehaviours });
  const reader = (await handler(new Request("http://localhost/"))).body!.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "data: 1\n\n");
  const silent = Promise.race([
    reader.read().then(({ done }) => done ? "ended" : "more"),
    new Promise((resolve) => setTimeout(resolve, 100, "silent")),
  ]);
  assert.equal(await silent, "silent");
  await reader.cancel();
  assert.ok(cancelled);
});

test("faults count events, however the handler splits them into chunks", async () => {
  const text = "data: é\r\n\r\nevent: a\ndata: 2\n\ndata: [DONE]\n\ndata: last";
  const bytes = new TextEncoder().encode(text);
  async function read(words: string, size: number): Promise<string> {
    let at = 0;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at += size));
      },
    });
    const headers = { "content-type": "text/event-stream" };
    const handler = misbehave(() => new Response(body, { headers }), {
      misbehaviours: parseMisbehaviours(words),
    });
    let seen = "";
    const decoder = new TextDecoder();
    try {
      const response = await handler(new Request("http://localhost/"));
      for await (const chunk of response.body!) seen += decoder.decode(chunk, { stream: true });
      return seen;
    } catch (error) {
      return `${seen}|${(error as Error).message}`;
    }
  }
  for (const size of [1, 3, 1000]) {
    assert.equal(await read("no-done", size), text.replace("data: [DONE]\n\n", ""));
    const cut = "|The stream was reset, as the server was told";
    assert.equal(await read("reset; after=0", size), cut);
    assert.equal(await read("reset; after=1", size), `data: é\r\n\r\n${cut}`);
    assert.equal(await read("reset; after=9", size), text + cut);
  }
});
