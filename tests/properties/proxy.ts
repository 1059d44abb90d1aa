import assert from "node:assert/strict";
import fc from "fast-check";
import { mantle } from "../../conformance/mantle/mod.ts";
import { serve } from "../../loopback/serve.ts";
import { bedrock, type Fetch } from "../../mod.ts";
import { proxy } from "../../proxy/handler.ts";
import { apiRoots } from "../../proxy/paths.ts";
import { type Property, property } from "./property.ts";
import { rawBytes } from "./raw_client.ts";
import { recorder } from "./recorder.ts";
import { assertSilent, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { outcomeOf } from "./outcome.ts";
import { quietly } from "./views.ts";

const KEY = SECRETS.password;
const UPSTREAM = "https://gateway.example/api/openai/v1";
const ROOTS = ["/api/openai/v1", "/api/v1"];

/** A proxy in front of what keeps all that it is sent. */
function setUp(answer?: () => Response) {
  const { sent, fetch } = recorder(answer);
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

/** A request in bytes: a head that is nearly one, and a body that may not fit. */
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

/** Asserts that a server answers raw bytes as promised, and goes on serving. */
async function assertServes(origin: string, text: string): Promise<string> {
  const host = new URL(origin).host;
  const answer = await quietly(() => rawBytes(origin, text.replaceAll("HOST", host)));
  assertSilent(answer, "the answer");
  if (answer !== "") assert.match(answer, /^HTTP\/1\.1 \d{3} /);
  for (const [, status, body] of answer.matchAll(/^HTTP\/1\.1 ([45]\d\d) [^]*?\r\n\r\n(\{.*\})/g)) {
    assert.equal(typeof JSON.parse(body!).error.message, "string", `${status} ${body}`);
  }
  return answer;
}

export const properties: readonly Property[] = [
  property(
    "no path that goes through the proxy leads out of the API",
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
      const answer = await quietly(() => handler(made.value));
      assertSilent(await answer.text(), "the answer");
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
  ),
  property(
    "whatever a network throws or a service answers, the proxy says in words of its own",
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
      const answer = await quietly(() => handler(request));
      assertSilent(JSON.stringify([...answer.headers]) + await answer.text(), "the answer");
    },
  ),
  property(
    "the proxy answers or drops bytes of any kind, lets nobody in without the key, and goes on",
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
        const answer = await globalThis.fetch(`${server.url}/api/v1/models`, { headers });
        assert.equal(answer.status, 200, await answer.text());
      } finally {
        await server.close();
      }
    },
  ),
  property(
    "the local Mantle answers or drops bytes of any kind, and goes on",
    30,
    bytes("x").map((text) => text.replaceAll("/api", "")),
    async (text) => {
      const server = await serve(mantle({ region: "us-west-2" }));
      try {
        await assertServes(server.url, text);
        const answer = await globalThis.fetch(`${server.url}/v1/models`);
        assert.equal(answer.status, 401, await answer.text());
      } finally {
        await server.close();
      }
    },
  ),
];
