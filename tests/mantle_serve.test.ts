import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { serve } from "../conformance/mantle/serve.ts";
import type { Handler } from "../conformance/mantle/serve.ts";
import { withMantle, withServer } from "./support/local_mantle.ts";
import { BODY, PATH, signed } from "./support/mantle_clients.ts";
import { rawExchange } from "./support/raw_http.ts";

/** Sends with node:http, which says things that fetch cannot. */
function send(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string | string[]> },
  body?: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent: false, ...options }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => text += chunk);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

test("serve() passes on the path, query, headers and body as they came", async () => {
  const echo: Handler = async (request) =>
    Response.json({
      url: request.url,
      host: request.headers.get("host"),
      color: request.headers.get("x-color"),
      body: await request.text(),
    });
  await withServer(echo, async (url) => {
    const headers = { host: "bedrock-mantle.us-west-2.api.aws", "x-color": ["red", "blue"] };
    const options = { method: "POST", path: "//a%2fb?c=%7e&d=+", headers };
    const { text } = await send(url, options, "bytes");
    assert.deepEqual(JSON.parse(text), {
      url: `${url}//a%2fb?c=%7e&d=+`,
      host: headers.host,
      color: "red, blue",
      body: "bytes",
    });
  });
});

test("serve() answers with headers byte for byte", async () => {
  const name = "caf\xe9.txt";
  const handler = () => new Response("stream", { headers: { "x-name": name } });
  await withServer(handler, async (url) => {
    const { head } = await rawExchange(url, "GET / HTTP/1.1", `host: ${new URL(url).host}`, "", "");
    assert.ok(head.includes(`x-name: ${name}\r\n`), JSON.stringify(head));
  });
});

test("serve() refuses a body that a GET request cannot carry", async () => {
  await withServer(() => new Response("reached"), async (url) => {
    const options = { method: "GET", headers: { "content-length": "4" } };
    assert.equal((await send(url, options, "lost")).status, 400);
    assert.deepEqual(await send(url, { method: "GET" }), { status: 200, text: "reached" });
  });
});

test("serve() verifies a signature for the Host header that came", async () => {
  await withMantle(async ({ origin }) => {
    const host = "bedrock-mantle.us-west-2.api.aws";
    for (const path of [PATH, `${PATH}&__proto__=1`]) {
      const request = await signed(`http://${host}${path}`);
      for (const [sent, status] of [[host, 200], ["example.com", 401]] as const) {
        const headers = { ...Object.fromEntries(request.headers), host: sent };
        const answer = await send(origin + path, { method: "POST", headers }, BODY);
        assert.equal(answer.status, status);
      }
    }
  });
});

test("serve() answers 500 in the envelope when the handler throws", async (t) => {
  const error = t.mock.method(console, "error", () => {});
  try {
    await withServer(() => Promise.reject(new Error("very-secret")), async (url) => {
      const answer = await fetch(url);
      const text = await answer.text();
      assert.equal(answer.status, 500);
      assert.equal(JSON.parse(text).error.code, "internal_server_error");
      assert.doesNotMatch(text, /very-secret/);
    });
    assert.equal(error.mock.callCount(), 1);
  } finally {
    t.mock.restoreAll();
  }
});

test("serve() outlives a client that leaves in the middle of its request", async () => {
  await withServer(() => new Response("still here"), async (url) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await (await fetch(url)).text(), "still here");
  });
});

test("serve() listens on loopback only", async () => {
  const opened = serve(() => new Response(), { hostname: "0.0.0.0" });
  opened.then((server) => server.close(), () => {});
  await assert.rejects(opened, {
    name: "TypeError",
    message: /^Cannot listen on "0\.0\.0\.0": /,
  });
  const hello = async (url: string) => assert.equal(await (await fetch(url)).text(), "hello");
  await withServer(() => new Response("hello"), hello, { hostname: "localhost" });
});
