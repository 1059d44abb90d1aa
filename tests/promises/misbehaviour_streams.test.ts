import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import {
  EXAMPLE_CREDENTIALS,
  misbehave,
  parseMisbehaviours,
} from "../../conformance/mantle/mod.ts";
import { bedrock } from "../../mod.ts";
import { BEARER, GPT, PATH, REGION } from "../support/mantle_clients.ts";
import { withMisbehaving } from "../support/misbehaving_mantle.ts";

const STREAMED = { model: GPT, input: "Hi", stream: true } as const;
const CHAT = {
  model: GPT,
  messages: [{ role: "user", content: "Hi" }],
  stream: true,
} satisfies OpenAI.ChatCompletionCreateParamsStreaming;

function client(origin: string): OpenAI {
  const baseURL = `${origin}/openai/v1`;
  const options = { ...EXAMPLE_CREDENTIALS, endpoint: "mantle", region: REGION } as const;
  return new OpenAI({ provider: bedrock({ ...options, baseURL, env: {} }), maxRetries: 0 });
}

function post(origin: string, body: unknown, path = PATH, signal?: AbortSignal): Promise<Response> {
  const init = { method: "POST", headers: BEARER, body: JSON.stringify(body) };
  return fetch(origin + path, { ...init, ...(signal && { signal }) });
}

test("reset cuts a stream after some events, which is an error", async () => {
  await withMisbehaving("reset; after=3", async ({ origin }) => {
    const types: string[] = [];
    await assert.rejects(async () => {
      for await (const { type } of await client(origin).responses.create(STREAMED)) {
        types.push(type);
      }
    });
    assert.deepEqual(types.slice(0, 2), ["response.created", "response.in_progress"]);
    assert.equal(types.length, 3);
    await assert.rejects((await post(origin, STREAMED)).text());
    // Other responses are not affected
    assert.equal(
      (await client(origin).responses.create({ ...STREAMED, stream: false })).error,
      null,
    );
  });
});

test("reset and stall apply at the end of the stream at the latest", async () => {
  await withMisbehaving("reset; after=1000; times=1", async ({ origin }) => {
    const response = await post(origin, STREAMED);
    await assert.rejects(response.text());
    assert.match(await (await post(origin, STREAMED)).text(), /response\.completed/);
  });
});

test("a stalled stream sends its first events, then nothing until it is aborted", async () => {
  await withMisbehaving("stall; after=2", async ({ origin }) => {
    const stream = await client(origin).responses.create(STREAMED);
    const types: string[] = [];
    let aborted = false;
    const abort = () => {
      aborted = true;
      stream.controller.abort();
    };
    // The official client ends such a stream without an error
    for await (const { type } of stream) {
      types.push(type);
      if (types.length === 2) setTimeout(abort, 200);
    }
    assert.deepEqual(types, ["response.created", "response.in_progress"]);
    assert.ok(aborted);

    const response = await post(origin, STREAMED, PATH, AbortSignal.timeout(1_000));
    assert.equal(response.status, 200);
    await assert.rejects(response.text());
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

test("no-done drops only [DONE] from a chat stream, which still ends", async () => {
  await withMisbehaving("no-done", async ({ origin }) => {
    const text = await (await post(origin, CHAT, "/openai/v1/chat/completions")).text();
    assert.match(text, /"finish_reason":"stop"/);
    assert.doesNotMatch(text, /\[DONE\]/);
    let content = "";
    for await (const { choices } of await client(origin).chat.completions.create(CHAT)) {
      content += choices[0]?.delta.content ?? "";
    }
    assert.equal(content, 'Hello! You said: "Hi"');
  });
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
