import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { mantle } from "../../conformance/mantle/mod.ts";
import { serve } from "../../conformance/mantle/serve.ts";
import type { Handler } from "../../conformance/mantle/serve.ts";
import { hostCheck } from "../../loopback/own_hosts.ts";
import { withServer } from "../support/local_mantle.ts";
import { BODY, PATH, signed } from "../support/mantle_clients.ts";
import { rawExchange } from "../support/raw_http.ts";

/** Sends with node:http, which can send what fetch cannot. */
function send(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string | string[]> },
  body?: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => text += chunk);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

const HOST = "bedrock-mantle.us-west-2.api.aws";

test("serve() passes on path, query, headers and body unchanged", async () => {
  const echo: Handler = async (request) =>
    Response.json({
      url: request.url,
      host: request.headers.get("host"),
      color: request.headers.get("x-color"),
      body: await request.text(),
    });
  await withServer(echo, async (url) => {
    const headers = { host: HOST, "x-color": ["red", "blue"] };
    const options = { method: "POST", path: "//a%2fb?c=%7e&d=+", headers };
    const { text } = await send(url, options, "bytes");
    assert.deepEqual(JSON.parse(text), {
      url: `${url}//a%2fb?c=%7e&d=+`,
      host: headers.host,
      color: "red, blue",
      body: "bytes",
    });
  }, { allowHosts: [HOST] });
});

test("serve() sends headers byte for byte", async () => {
  const name = "caf\xe9.txt";
  const handler = () => new Response("stream", { headers: { "x-name": name } });
  await withServer(handler, async (url) => {
    const { head } = await rawExchange(url, "GET / HTTP/1.1", `host: ${new URL(url).host}`, "", "");
    assert.ok(head.includes(`x-name: ${name}\r\n`), JSON.stringify(head));
  });
});

test("serve() refuses a GET request with a body", async () => {
  await withServer(() => new Response("reached"), async (url) => {
    const options = { method: "GET", headers: { "content-length": "4" } };
    assert.equal((await send(url, options, "lost")).status, 400);
    assert.deepEqual(await send(url, { method: "GET" }), { status: 200, text: "reached" });
  });
});

test("serve() verifies a signature for the received Host header", async () => {
  const allowHosts = [HOST, "example.com"];
  await withServer(mantle(), async (origin) => {
    for (const path of [PATH, `${PATH}&__proto__=1`]) {
      const request = await signed(`http://${HOST}${path}`);
      for (const [sent, status] of [[HOST, 200], ["example.com", 401]] as const) {
        const headers = { ...Object.fromEntries(request.headers), host: sent };
        const response = await send(origin + path, { method: "POST", headers }, BODY);
        assert.equal(response.status, status);
      }
    }
  }, { allowHosts });
});

test("serve() accepts only its own name, localhost and the allowed names as Host", async () => {
  const allowHosts = ["Mantle.test", "mantle.test.evil.example:1"];
  await withServer(() => new Response("reached"), async (url) => {
    const { host, port } = new URL(url);
    const responses = [
      [host, 200],
      [`LocalHost:${port}`, 200],
      ["mantle.test", 200],
      [`MANTLE.test:${port}`, 200],
      ["mantle.test:1", 200],
      ["mantle.test.evil.example:1", 200],
      ["mantle.test.evil.example", 421],
      [`mantle.test.evil.example:${port}`, 421],
      ["127.0.0.1", 421],
      ["127.0.0.1:1", 421],
      ["localhost", 421],
      [`evil.example:${port}`, 421],
      [`${host}.evil.example`, 421],
      [`evil.${host}`, 421],
      [`[::1]:${port}`, 421],
      [`${host}@evil.example`, 421],
    ] as const;
    for (const [sent, status] of responses) {
      const response = await send(url, { headers: { host: sent } });
      assert.equal(response.status, status, sent);
      if (status === 421) assert.equal(JSON.parse(response.text).error.code, "host_not_allowed");
    }
  }, { allowHosts });
});

test("serve() on port 80 accepts its names with and without the port", () => {
  const check = hostCheck("http://127.0.0.1:80", []);
  for (const host of ["127.0.0.1", "127.0.0.1:80", "localhost", "localhost:80"]) check(host);
  assert.throws(() => check("localhost:8080"), { status: 421 });
});

test("serve() refuses allowed hosts that are no host names", async () => {
  for (
    const name of ["", "http://mantle.test", "mantle.test/", "a b", "a@b", "*", "mantle.test:x"]
  ) {
    const opened = serve(() => new Response(), { allowHosts: [name] });
    opened.then((server) => server.close(), () => {});
    await assert.rejects(opened, { name: "TypeError", message: /is no name of a host: / }, name);
  }
});

test("serve() responds with 500 in the envelope when the handler throws", async (t) => {
  const error = t.mock.method(console, "error", () => {});
  try {
    await withServer(() => Promise.reject(new Error("very-secret")), async (url) => {
      const response = await fetch(url);
      const text = await response.text();
      assert.equal(response.status, 500);
      assert.equal(JSON.parse(text).error.code, "internal_server_error");
      assert.doesNotMatch(text, /very-secret/);
    });
    assert.equal(error.mock.callCount(), 1);
  } finally {
    t.mock.restoreAll();
  }
});

test("serve() survives a client that disconnects in the middle of its request", async () => {
  await withServer(() => new Response("still here"), async (url) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const { host } = new URL(url);
    socket.write(`POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 9\r\n\r\nhalf`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await (await fetch(url)).text(), "still here");
  });
});

test("serve() listens on loopback only", async () => {
  const opened = serve(() => new Response(), { hostname: "0.0.0.0" });
  opened.then((server) => server.close(), () => {});
  await assert.rejects(opened, { name: "TypeError", message: /^Cannot listen on "0\.0\.0\.0": / });
  const hello = async (url: string) => assert.equal(await (await fetch(url)).text(), "hello");
  await withServer(() => new Response("hello"), hello, { hostname: "localhost" });
});
