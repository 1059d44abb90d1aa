import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { bedrock, type BedrockProviderOptions } from "../../aws.ts";
import { proxy } from "../../proxy/handler.ts";
import { withServer } from "../support/local_mantle.ts";
import { type Way, WAYS, withProxy } from "../support/local_proxy.ts";
import { BODY, PATH } from "../support/mantle_clients.ts";

const STREAMED = BODY.replace("{", '{"stream":true,');
const decoder = new TextDecoder();

/** A limit for tests that would otherwise wait forever if they failed. */
const LIMIT = { timeout: 20_000 };

/** Creates a signal between the two ends of a proxied exchange. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

function stream(pull: (controller: ReadableStreamDefaultController) => Promise<void>) {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({ pull }, { highWaterMark: 0 });
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** Starts to send a body of a length. */
function post(origin: string, path: string, key: string, length: number, part: string): Socket {
  const { host, port } = new URL(origin);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n` +
      `authorization: Bearer ${key}\r\ncontent-length: ${length}\r\n\r\n${part}`,
  );
  return socket;
}

for (const way of Object.keys(WAYS) as Way[]) {
  test(
    `the first chunk of a response arrives before the last is sent, with ${way}`,
    LIMIT,
    async () => {
      const { opened, open } = gate();
      let chunks = 0;
      const response = () =>
        stream(async (controller) => {
          if (chunks++ === 0) return controller.enqueue(bytes("first"));
          await opened;
          controller.enqueue(bytes("last"));
          controller.close();
        });
      await withProxy(async ({ origin, headers }) => {
        const init = { method: "POST", headers, body: STREAMED };
        const { body } = await fetch(origin + PATH, init);
        const reader = body!.getReader();
        assert.equal(decoder.decode((await reader.read()).value), "first");
        open();
        assert.equal(decoder.decode((await reader.read()).value), "last");
        assert.equal((await reader.read()).done, true);
      }, { way, intercept: () => new Response(response()) });
    },
  );

  test(
    `a client that disconnects early ends the request upstream, with ${way}`,
    LIMIT,
    async () => {
      const { opened: left, open: leave } = gate();
      const endless = () =>
        new ReadableStream({
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 5));
            controller.enqueue(bytes("more"));
          },
          cancel: () => leave(),
        });
      await withProxy(async ({ origin, key }) => {
        // Deno's `fetch` does not always end a connection whose request is aborted
        const socket = post(origin, PATH, key, STREAMED.length, STREAMED);
        let response = "";
        for await (const chunk of socket.setEncoding("utf8")) {
          response += chunk;
          if (response.includes("more")) break;
        }
        socket.destroy();
        await left;
      }, { way, intercept: () => new Response(endless()) });
    },
  );

  test(
    `a client that disconnects before the response ends the request upstream, with ${way}`,
    LIMIT,
    async () => {
      const { opened: arrived, open: arrive } = gate();
      const { opened: left, open: leave } = gate();
      const silent = async (request: Request) => {
        await request.arrayBuffer();
        arrive();
        request.signal.addEventListener("abort", () => leave());
        return await new Promise<Response>(() => {});
      };
      await withServer(silent, async (url) => {
        const options = { ...WAYS[way], baseURL: `${url}/v1`, endpoint: "mantle" } as const;
        const handler = proxy({
          ...bedrockOf(options),
          bufferLimit: way === "AWS keys" ? 999 : undefined,
        });
        await withServer(handler, async (origin) => {
          const abort = new AbortController();
          const headers = { authorization: "Bearer key" };
          const init = { method: "POST", headers, body: BODY, signal: abort.signal };
          const response = fetch(`${origin}/v1/responses`, init);
          await arrived;
          abort.abort();
          await assert.rejects(response);
          await left;
        });
      });
    },
  );
}

function bedrockOf(options: BedrockProviderOptions) {
  const { url, fetch } = bedrock(options);
  return { url, fetch, roots: ["/v1"], key: "key" };
}

test("with a bearer token, a body is forwarded while it arrives", LIMIT, async () => {
  const { opened: arrived, open: arrive } = gate();
  let length: string | null = "";
  const upstream = async (request: Request) => {
    length = request.headers.get("content-length");
    const reader = request.body!.getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Response(text);
      text += decoder.decode(value);
      arrive();
    }
  };
  await withServer(upstream, async (url) => {
    const handler = proxy(bedrockOf({ baseURL: `${url}/v1`, apiKey: "token" }));
    await withServer(handler, async (origin) => {
      const socket = post(origin, "/v1/responses", "key", 8, "half");
      await arrived;
      socket.write("more");
      let response = "";
      for await (const chunk of socket.setEncoding("utf8")) response += chunk;
      assert.match(response, /^HTTP\/1\.1 200 [^]*halfmore/);
    });
    // Deno sends every stream in chunks
    assert.equal(length, "Deno" in globalThis ? null : "8");
  });
});

test(
  "a client that disconnects in the middle of its body ends the request upstream",
  LIMIT,
  async () => {
    const { opened: arrived, open: arrive } = gate();
    const { opened: failed, open: fail } = gate();
    const upstream = async (request: Request) => {
      const reader = request.body!.getReader();
      try {
        for (;;) {
          if ((await reader.read()).done) return new Response("whole");
          arrive();
        }
      } catch (error) {
        fail();
        throw error;
      }
    };
    await withServer(upstream, async (url) => {
      const handler = proxy(bedrockOf({ baseURL: `${url}/v1`, apiKey: "token" }));
      await withServer(handler, async (origin) => {
        const socket = post(origin, "/v1/responses", "key", 8, "half");
        await arrived;
        socket.destroy();
        await failed;
      });
    });
  },
);

test("a service may respond before it reads the body", LIMIT, async () => {
  await withServer(() => new Response("enough"), async (url) => {
    const handler = proxy(bedrockOf({ baseURL: `${url}/v1`, apiKey: "token" }));
    await withServer(handler, async (origin) => {
      // When a chunk arrives is chance
      for (let i = 0; i < 50; i++) {
        const socket = post(origin, "/v1/responses", "key", 8, "");
        for (const part of "complete") socket.write(part);
        let response = "";
        for await (const chunk of socket.setEncoding("utf8")) response += chunk;
        assert.match(response, /^HTTP\/1\.1 200 [^]*enough/);
      }
    });
  });
});

test("a response that is cut off upstream is cut off for the client", LIMIT, async () => {
  const { opened, open } = gate();
  let chunks = 0;
  const response = () =>
    stream(async (controller) => {
      if (chunks++ === 0) return controller.enqueue(bytes("first"));
      await opened;
      throw new Error("cut");
    });
  await withProxy(async ({ origin, headers }) => {
    const { body } = await fetch(origin + PATH, { method: "POST", headers, body: STREAMED });
    const reader = body!.getReader();
    assert.equal(decoder.decode((await reader.read()).value), "first");
    open();
    await assert.rejects(reader.read());
  }, { intercept: () => new Response(response()) });
});
