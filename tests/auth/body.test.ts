import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { copyBody } from "../../src/platform/body.ts";
import { readSignableBody } from "../../src/auth/signed_request.ts";
import type { BodyOptions } from "../../src/options.ts";
import { rejects } from "../support/refusal.ts";

/** Takes a body as a request does: what can change is copied at once, and the rest read later. */
function signableBody(body: unknown, options: BodyOptions & { isPrivate?: boolean } = {}) {
  const copy = copyBody(body);
  return async () => await readSignableBody(copy, options, options.isPrivate ?? false);
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  const { payload, send } = await signableBody(body)();
  assert.ok(payload !== null);
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const wire = new Uint8Array(await new Response(send).arrayBuffer());
  assert.deepEqual(wire, bytes.slice(), "what is hashed is what is sent");
  return wire;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("texts, buffers and blobs are signed byte for byte", async () => {
  const bytes = Uint8Array.of(0, 255, 254, 128, 13, 10);
  assert.equal(text(await bytesOf('{"a":"é😀"}')), '{"a":"é😀"}');
  assert.equal(text(await bytesOf("lone \ud800 surrogate")), "lone \ufffd surrogate");
  assert.deepEqual(await bytesOf(bytes.buffer), bytes);
  assert.deepEqual(await bytesOf(new Blob([bytes])), bytes);
  assert.equal((await bytesOf(undefined)).length + (await bytesOf(null)).length, 0);
});

test("only the window of a view is signed", async () => {
  const { buffer } = Uint8Array.of(9, 9, 1, 2, 3, 4, 9, 9);
  const window = Uint8Array.of(1, 2, 3, 4);
  assert.deepEqual(await bytesOf(new Uint8Array(buffer, 2, 4)), window);
  assert.deepEqual(await bytesOf(new DataView(buffer, 2, 4)), window);
  assert.deepEqual(await bytesOf(new Uint16Array(buffer, 2, 2)), window);
});

test("bodies carry the content type that fetch would have set", async () => {
  const typeOf = async (body: unknown) => (await signableBody(body)()).contentType;
  const form = "application/x-www-form-urlencoded;charset=UTF-8";
  assert.equal((await typeOf(new URLSearchParams("a=1")))?.toUpperCase(), form.toUpperCase());
  assert.equal(await typeOf(new Blob(["x"], { type: "audio/wav" })), "audio/wav");
  assert.equal(await typeOf(new Blob(["x"])), undefined);
  assert.equal(await typeOf("x"), "text/plain;charset=UTF-8");
  assert.equal(text(await bytesOf(new URLSearchParams("a=1 2&b=é"))), "a=1+2&b=%C3%A9");
});

test("a buffer is copied when it is given, and may come from another realm", async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const readers = [signableBody(bytes), signableBody(bytes.buffer)];
  const bearer = copyBody(bytes);
  bytes.fill(9);
  for (const read of readers) assert.deepEqual((await read()).payload, Uint8Array.of(1, 2, 3));
  assert.deepEqual(bearer, Uint8Array.of(1, 2, 3));
  const foreign = runInNewContext("new Uint8Array([1, 2, 3]).subarray(1)");
  assert.deepEqual(await bytesOf(foreign), Uint8Array.of(2, 3));
});

test("a form is serialized once, with its boundary in the content type", async () => {
  const form = new FormData();
  form.set("purpose", "batch");
  form.set("file", new File([Uint8Array.of(0, 255, 1)], "naïve.bin", { type: "text/x-raw" }));
  const { payload: bytes, contentType } = await signableBody(form)();
  assert.ok(contentType);
  const parsed = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
  const file = parsed.get("file");
  assert.ok(file instanceof File);
  assert.equal(file.name, "naïve.bin");
  assert.deepEqual(new Uint8Array(await file.arrayBuffer()), Uint8Array.of(0, 255, 1));
  assert.equal(parsed.get("purpose"), "batch");
});

test("streams and other one-shot bodies are refused", async () => {
  async function* generator() {
    yield "once";
  }
  for (const body of [new Blob(["x"]).stream(), generator(), {}, 7, Promise.resolve("x")]) {
    await rejects(signableBody(body)(), "body_not_replayable", "buffer it yourself", "bearer");
  }
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  await rejects(signableBody(shared)(), "body_not_replayable");
});

/** The forms that a one-shot body comes in. */
const ONE_SHOT: Record<string, (pieces: (string | Uint8Array)[]) => unknown> = {
  "a stream of the platform": (pieces) =>
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    }),
  "a stream of Node": (pieces) => Readable.from(pieces),
  "a generator": async function* (pieces) {
    yield* pieces;
  },
};

for (const [name, make] of Object.entries(ONE_SHOT)) {
  test(`${name} is buffered up to its limit, byte for byte`, async () => {
    const pieces = ["é", Uint8Array.of(0, 255), "x"];
    const read = signableBody(make(pieces), { bufferLimit: 5 });
    const { payload, send } = await read();
    assert.deepEqual(payload, Uint8Array.of(0xc3, 0xa9, 0, 255, 0x78));
    assert.equal(send, payload);
    const tooLong = signableBody(make(pieces), { bufferLimit: 4 });
    await rejects((async () => await tooLong())(), "body_not_replayable", "4 bytes");
  });

  test(`${name} is sent unsigned only if that is allowed and the connection is private`, async () => {
    const pieces = ["ab", "cd"].map((text) => new TextEncoder().encode(text));
    const { payload, send } = await signableBody(make(pieces), {
      unsignedPayload: true,
      isPrivate: true,
    })();
    assert.equal(payload, null);
    assert.ok(send instanceof ReadableStream);
    assert.equal(await new Response(send).text(), "abcd");
    const open = { unsignedPayload: true, isPrivate: false };
    await rejects(signableBody(make(pieces), open)(), "body_not_replayable", "https");
    const both = await signableBody(make(pieces), { ...open, bufferLimit: 9 })();
    assert.deepEqual(both.payload, new TextEncoder().encode("abcd"));
  });
}

test("only the windows of views in a stream are sent, and chunks that are not bytes are refused", async () => {
  const { buffer } = Uint8Array.of(9, 65, 66, 9);
  const whole = ONE_SHOT["a stream of the platform"]!;
  const pieces = [new DataView(buffer, 1, 2), new Uint16Array([0x4141])] as unknown as Uint8Array[];
  const { payload } = await signableBody(whole(pieces), { bufferLimit: 9 })();
  assert.deepEqual(payload, Uint8Array.of(65, 66, 65, 65));
  const numbers = signableBody(whole([3 as unknown as string]), { bufferLimit: 9 });
  await rejects((async () => await numbers())(), "body_not_replayable", "number");
});

test("cancelling a stream that is sent unsigned reaches its source at once", async () => {
  let returned = false;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: async () => (returned = true, { done: true as const, value: undefined }),
    }),
  };
  const unsigned = { unsignedPayload: true, isPrivate: true };
  const { send } = await signableBody(source, unsigned)();
  const reader = (send as ReadableStream).getReader();
  reader.read().catch(() => {});
  await reader.cancel();
  assert.ok(returned);
});
