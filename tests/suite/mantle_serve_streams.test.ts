import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { mantle } from "../../conformance/mantle/mod.ts";
import { serve } from "../../conformance/mantle/serve.ts";
import { withServer } from "../support/local_mantle.ts";
import { BEARER, BODY, PATH } from "../support/mantle_clients.ts";

/** Creates a long stream that counts reads, with a promise of how it ended. */
function longStream(size: number, pauseMs: number) {
  const { promise: ended, resolve: end } = Promise.withResolvers<"cancelled" | "read to the end">();
  const state = { pulled: 0, ended };
  const body = () =>
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        controller.enqueue(new Uint8Array(size));
        if (++state.pulled < 100) return;
        controller.close();
        end("read to the end");
      },
      cancel: () => end("cancelled"),
    }, { highWaterMark: 0 });
  return { state, handler: () => new Response(body()) };
}

test("serve() sends the head before the first chunk of a stream", async () => {
  const silent = () => new Response(new ReadableStream());
  await withServer(silent, async (url) => assert.equal((await fetch(url)).status, 200));
});

test("serve() streams chunk by chunk, and cancels when the client disconnects", async () => {
  const { state, handler } = longStream(8, 5);
  await withServer(handler, async (url) => {
    const leave = new AbortController();
    const response = await fetch(url, { signal: leave.signal });
    assert.ok(response.body);
    const reader = response.body.getReader();
    assert.equal((await reader.read()).done, false);
    leave.abort();
    assert.equal(await state.ended, "cancelled");
    await assert.rejects(reader.read());
  });
});

test("serve() survives a handler that does not read the whole body", async () => {
  const body = new Uint8Array(1 << 20);
  for (const read of ["cancel", "part", "nothing"]) {
    const handler = async (request: Request) => {
      if (read === "cancel") await request.body?.cancel();
      if (read === "part") await request.body?.getReader().read();
      return new Response(read);
    };
    await withServer(handler, async (url) => {
      for (let times = 0; times < 3; times++) {
        const response = await fetch(url, { method: "POST", body });
        assert.equal(await response.text(), read);
      }
    });
  }
});

test("serve() waits for a client that does not read", async () => {
  const { state, handler } = longStream(1 << 20, 0);
  await withServer(handler, async (url) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.pause().write(`GET / HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
    // Reads stop when the buffers are full
    for (let turn = 0, still = 0; turn < 100 && still < 3; turn++) {
      const before = state.pulled;
      await new Promise((resolve) => setTimeout(resolve, 100));
      still = before > 0 && before === state.pulled ? still + 1 : 0;
    }
    assert.ok(state.pulled > 0 && state.pulled < 50, `${state.pulled} MiB were pulled`);
    socket.destroy();
    assert.equal(await state.ended, "cancelled");
  });
});

test("serve() ends open streams on close, and their timers", async () => {
  const server = await serve(mantle({ chunkDelayMs: 60_000 }));
  const body = BODY.replace("{", '{"stream":true,');
  const response = await fetch(server.url + PATH, { method: "POST", headers: BEARER, body });
  assert.equal(response.status, 200);
  await server.close();
  await assert.rejects(response.text());
  await assert.rejects(fetch(server.url));
  await server.close();
});
