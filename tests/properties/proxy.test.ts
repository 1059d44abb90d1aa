import assert from "node:assert/strict";
import fc from "fast-check";
import { mantle } from "../../conformance/mantle/mod.ts";
import { serve } from "../../loopback/serve.ts";
import { bedrock, type Fetch } from "../../mod.ts";
import { proxy } from "../../proxy/handler.ts";
import { apiRoots } from "../../proxy/paths.ts";
import { property } from "./property.ts";
import { rawBytes } from "./raw_client.ts";
import { recorder } from "./recorder.ts";
import { assertSilent, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { outcomeOf } from "./outcome.ts";
import { quietly } from "./views.ts";

const KEY = SECRETS.password;
const UPSTREAM = "https://gateway.example/api/openai/v1";
const ROOTS = ["/api/openai/v1", "/api/v1"];

/** Creates a proxy in front of a recorder. */
function setUp(response?: () => Response) {
  const { sent, fetch } = recorder(response);
  const options = { region: "us-west-2", endpoint: "mantle", env: {}, fetch } as const;
  const way = bedrock({ ...options, baseURL: UPSTREAM, apiKey: SECRETS.apiKey });
  const roots = apiRoots(UPSTREAM, "mantle");
  return { sent, handler: proxy({ url: way.url, roots, fetch: way.fetch, key: KEY }) };
}

const path = mutated(
  "/api/openai/v1/responses",
  "/api/v1/models?after=x",
  "/api/openai/v1/../../../latest/meta-data",
  "/api/openai/v1/%2e%2e/%2e%2e/x",
  "/api/openai/v1/..%3b/..%20/x",
  "/api/openai/v1/a?X-Amz-Signature=x",
  "/other",
);

const lines = (key: string) => [
  "POST /api/openai/v1/responses HTTP/1.1",
  "GET /api/v1/models HTTP/1.1",
  "GET http://evil.example/api/v1/models HTTP/1.1",
  "CONNECT evil.example:443 HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "Host: HOST",
  "Host: evil.example",
  `Authorization: Bearer ${key}`,
  "Content-Length: 2",
  "Content-Length: 0",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: gzip, chunked",
  "Connection: keep-alive, authorization",
  "Expect: 100-continue",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "X-Custom: a",
  " folded",
];

/** Generates a request: a head that is nearly valid, and a body that may not fit. */
const bytes = (key: string) =>
  fc.record({
    start: mutated("POST /api/openai/v1/responses HTTP/1.1", "GET /api/v1/models HTTP/1.1"),
    host: fc.constantFrom("Host: HOST", "Host: HOST", "Host: evil.example", ""),
    lines: fc.array(
      fc.oneof(fc.constantFrom(...lines(key)), mutated(...lines(key))),
      { maxLength: 4 },
    ),
    end: fc.constantFrom("\r\n", "\r\n", "\r\n", "\n"),
    body: mutated("{}", "0\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", "ffffffffffffffff\r\n"),
  }).map(({ start, host, lines, end, body }) =>
    [start, ...host ? [host] : [], ...lines, "", body].join(end)
  );

/** Asserts that a server responds to raw bytes as promised, and goes on serving. */
async function assertServes(origin: string, text: string): Promise<string> {
  const host = new URL(origin).host;
  const response = await quietly(() => rawBytes(origin, text.replaceAll("HOST", host)));
  assertSilent(response, "the response");
  if (response !== "") assert.match(response, /^HTTP\/1\.1 \d{3} /);
  for (
    const [, status, body] of response.matchAll(/^HTTP\/1\.1 ([45]\d\d) [^]*?\r\n\r\n(\{.*\})/g)
  ) {
    assert.equal(typeof JSON.parse(body!).error.message, "string", `${status} ${body}`);
  }
  return response;
}

property(
  "no path that the proxy forwards leads out of the API",
  300,
  fc.tuple(path, mutated("Bearer KEY", "bearer KEY"), fc.constantFrom("GET", "POST", "OPTIONS")),
  async ([path, authorization, method]) => {
    const { sent, handler } = setUp();
    const made = await outcomeOf(() =>
      new Request(`http://127.0.0.1:8080${path}`, {
        method,
        headers: { host: "127.0.0.1:8080", authorization: authorization.replace("KEY", KEY) },
      })
    );
    if ("thrown" in made) return;
    const response = await quietly(() => handler(made.value));
    assertSilent(await response.text(), "the response");
    const isAdmitted = /^bearer +\S+$/i.test(authorization.trim()) &&
      authorization.trim().split(/ +/)[1] === "KEY";
    if (!isAdmitted) assert.equal(sent.length, 0, `let in with ${authorization}`);
    for (const { url, headers } of sent) {
      const { origin, pathname, search } = new URL(url);
      assert.equal(origin, "https://gateway.example");
      const decoded = decodeURIComponent(decodeURIComponent(pathname));
      assert.ok(ROOTS.some((root) => decoded.startsWith(`${root}/`)), url);
      assert.doesNotMatch(decoded.normalize("NFKC"), /[/\\]\s*\.|[\\\p{Cc}]/u);
      assert.doesNotMatch(search, /x-amz-/i);
      assert.equal(headers.get("authorization"), `Bearer ${SECRETS.apiKey}`);
    }
  },
);

property(
  "the proxy never repeats an error of the network",
  100,
  fc.tuple(mutated(...Object.values(SECRETS)), fc.constantFrom("throws", "header", "cookie")),
  async ([text, how]) => {
    const fetch: Fetch = async () => {
      if (how === "throws") throw new TypeError(`connect failed ${text}`);
      return Response.json({}, { status: 200 });
    };
    const handler = proxy({ url: UPSTREAM, roots: ROOTS, fetch, key: KEY });
    const headers = { host: "127.0.0.1:8080", authorization: `Bearer ${KEY}` };
    const request = new Request("http://127.0.0.1:8080/api/v1/models", { headers });
    const response = await quietly(() => handler(request));
    assertSilent(JSON.stringify([...response.headers]) + await response.text(), "the response");
  },
);

property(
  "the proxy responds to or drops bytes of any kind, requires its key, and goes on serving",
  40,
  fc.oneof(bytes("wrong-key"), bytes(KEY.slice(0, -1)), bytes(KEY.toLowerCase()))
    .filter((text) => !text.includes(KEY)),
  async (text) => {
    const { sent, handler } = setUp();
    const server = await serve(handler);
    try {
      await assertServes(server.url, text);
      assert.equal(sent.length, 0, "let in without the key");
      const headers = { authorization: `Bearer ${KEY}` };
      const response = await globalThis.fetch(`${server.url}/api/v1/models`, { headers });
      assert.equal(response.status, 200, await response.text());
    } finally {
      await server.close();
    }
  },
);

property(
  "the local Mantle server responds to or drops bytes of any kind, and goes on serving",
  30,
  bytes("x").map((text) => text.replaceAll("/api", "")),
  async (text) => {
    const server = await serve(mantle({ region: "us-west-2" }));
    try {
      await assertServes(server.url, text);
      const response = await globalThis.fetch(`${server.url}/v1/models`);
      assert.equal(response.status, 401, await response.text());
    } finally {
      await server.close();
    }
  },
);
