import assert from "node:assert/strict";
import { test } from "node:test";
import { proxy } from "../../proxy/handler.ts";
import { type LocalProxy, withProxy } from "../support/local_proxy.ts";
import { BODY, GPT } from "../support/mantle_clients.ts";
import { rawExchange } from "../support/raw_http.ts";

const PATH = "/openai/v1/responses";

/** A request in lines, and how the proxy refuses it. */
interface Hostile {
  readonly lines: (local: { host: string; key: string }) => readonly string[];
  readonly status: number;
  readonly code: string;
}

/**
 * Creates the head of a request that is valid except for `changed`; undefined headers are left
 * out.
 */
function head(
  { host, key }: { host: string; key: string },
  changed: Record<string, string | readonly string[] | undefined> = {},
  start = `POST ${PATH} HTTP/1.1`,
): string[] {
  const headers = { host, authorization: `Bearer ${key}`, ...changed };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}`)
  );
  return [start, ...lines];
}

const LENGTH = { "content-length": `${BODY.length}` };
const plain = (changed: Parameters<typeof head>[1]): Hostile["lines"] => (to) => [
  ...head(to, { ...LENGTH, ...changed }),
  "",
  BODY,
];
const start = (line: string): Hostile["lines"] => (to) => [...head(to, {}, line), "", ""];

const unknownHost = { status: 421, code: "host_not_allowed" };
const wrongKey = { status: 401, code: "invalid_api_key" };
const malformed = { status: 400, code: "validation_error" };

/** Paths that servers behind the proxy may read differently, or not at all. */
const AMBIGUOUS = [
  "..%2f..%2fadmin",
  "%2e%2e%2fadmin",
  "a%2f.",
  "a%2f%2fb",
  "%252e%252e/admin",
  "..%25252fadmin",
  "..%5cadmin",
  "a%5Cb",
  "..;/admin",
  "..;a=b/admin",
  "%2e%2e%3b/admin",
  ".%00/x",
  "a%00",
  "/x",
  "a//x",
  "%zz",
  "%ff",
  // Dots, followed by what a server may cut off, trim or take for a delimiter
  "..%20/admin",
  "..%09/admin",
  "..%0d%0a/admin",
  "..%c2%a0/admin",
  "..%3f/admin",
  "..%23/admin",
  "..%2c/admin",
  "..%3ba=b/admin",
  "..,/admin",
  "..x/admin",
  ".%20/admin",
  ".hidden",
  ".../admin",
  "a%2f..%20%2fadmin",
  // White space before them
  "%20../admin",
  "%e2%80%8b../admin",
  // What is a dot or a slash once it is folded
  "%ef%bc%8e%ef%bc%8e/admin",
  "%e2%80%a5/admin",
  "a%ef%bc%8f..%ef%bc%8fadmin",
  "a%ef%bc%bcadmin",
  // Escapes of escapes
  "a%25",
  "..%2520/admin",
  "%25c0%25ae%25c0%25ae/admin",
  "a%0ab",
  "a%7f",
  // What ends a path or a segment
  "a%3fb",
  "a%23b",
  "a;b/c",
  "a%3bb",
  "a%ef%bc%9fb",
];

const HOSTILE: Record<string, Hostile> = {
  "the name of another site that leads here": {
    lines: (to) => plain({ host: `evil.example:${to.host.split(":")[1]}` })(to),
    ...unknownHost,
  },
  "its own name with another port": { lines: plain({ host: "127.0.0.1:1" }), ...unknownHost },
  "its own name without the port": { lines: plain({ host: "localhost" }), ...unknownHost },
  "a name that starts with its own": {
    lines: (to) => plain({ host: `${to.host}.evil.example` })(to),
    ...unknownHost,
  },
  "two Host headers": {
    lines: (to) => plain({ host: [to.host, "evil.example"] })(to),
    ...malformed,
  },
  "no Host header": { lines: plain({ host: undefined }), ...malformed },
  "no key": { lines: plain({ authorization: undefined }), ...wrongKey },
  "a wrong key": {
    lines: (to) => plain({})({ ...to, key: to.key.replace(/.$/, "*") }),
    ...wrongKey,
  },
  "the start of the key": {
    lines: (to) => plain({})({ ...to, key: to.key.slice(0, -1) }),
    ...wrongKey,
  },
  "more than the key": { lines: (to) => plain({})({ ...to, key: `${to.key}A` }), ...wrongKey },
  "an empty key": { lines: plain({ authorization: "Bearer " }), ...wrongKey },
  "the key in another scheme": {
    lines: (to) => plain({ authorization: `Basic ${to.key}` })(to),
    ...wrongKey,
  },
  "a key twice": {
    lines: (to) => plain({ authorization: ["Bearer x", `Bearer ${to.key}`] })(to),
    ...wrongKey,
  },
  "an absolute form": {
    lines: (to) => start(`GET http://${to.host}/openai/v1/models HTTP/1.1`)(to),
    ...malformed,
  },
  "an absolute form of elsewhere": {
    lines: start("GET http://evil.example/openai/v1/models HTTP/1.1"),
    ...malformed,
  },
  "CONNECT": {
    lines: start("CONNECT evil.example:443 HTTP/1.1"),
    status: 405,
    code: "method_not_allowed",
  },
  "TRACE": { lines: start(`TRACE ${PATH} HTTP/1.1`), status: 405, code: "method_not_allowed" },
  "OPTIONS of the whole server": { lines: start("OPTIONS * HTTP/1.1"), ...malformed },
  "a preflight": {
    lines: (to) => [
      ...head(
        to,
        {
          authorization: undefined,
          origin: "https://evil.example",
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization",
        },
        `OPTIONS ${PATH} HTTP/1.1`,
      ),
      "",
      "",
    ],
    status: 403,
    code: "preflight_refused",
  },
  "a WebSocket": {
    lines: (to) => [
      ...head(to, {
        connection: "Upgrade",
        upgrade: "WebSocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      }, "GET /openai/v1/realtime?model=gpt-realtime HTTP/1.1"),
      "",
      "",
    ],
    status: 400,
    code: "sockets_unsupported",
  },
  "both Content-Length and Transfer-Encoding": {
    lines: (to) => [...head(to, { ...LENGTH, "transfer-encoding": "chunked" }), "", "0", "", ""],
    ...malformed,
  },
  "two lengths": {
    lines: plain({ "content-length": [`${BODY.length}`, `${BODY.length + 1}`] }),
    ...malformed,
  },
  "the same length twice": {
    lines: plain({ "content-length": [`${BODY.length}`, `${BODY.length}`] }),
    ...malformed,
  },
  "a length with a sign": { lines: plain({ "content-length": `+${BODY.length}` }), ...malformed },
  "a coding before chunked": {
    lines: (to) => [...head(to, { "transfer-encoding": "gzip, chunked" }), "", "0", "", ""],
    ...malformed,
  },
  "a coding after chunked": {
    lines: (to) => [...head(to, { "transfer-encoding": "chunked, identity" }), "", "0", "", ""],
    ...malformed,
  },
  "white space before a colon": {
    lines: (to) => [...head(to, { "content-length ": `${BODY.length}` }), "", BODY],
    ...malformed,
  },
  "a header folded over lines": {
    lines: (to) => [...head(to, LENGTH), "x-a: 1", " x-b: 2", "", BODY],
    ...malformed,
  },
  "a body with GET": {
    lines: (to) => [...head(to, LENGTH, `GET ${PATH} HTTP/1.1`), "", BODY],
    ...malformed,
  },
  "a signature in the query": {
    lines: start("GET /v1/models?x-AMZ-signature=1 HTTP/1.1"),
    ...malformed,
  },
  "an escaped signature in the query": {
    lines: start("GET /v1/models?a=1&X%2dAmz-Date=1 HTTP/1.1"),
    ...malformed,
  },
  "a signature in the query, after a semicolon": {
    lines: start("GET /v1/models?a=1;X-Amz-Date=1 HTTP/1.1"),
    ...malformed,
  },
  "another method in the query, after a semicolon": {
    lines: start("GET /v1/models?a=1;_method=DELETE HTTP/1.1"),
    ...malformed,
  },
  ...Object.fromEntries(
    AMBIGUOUS.map((path) => [
      `the path /v1/${path}`,
      { lines: start(`GET /v1/${path} HTTP/1.1`), ...malformed },
    ]),
  ),
};

/** Headers and parameters that servers take another method from. */
const OVERRIDES = (
  "x-http-method-override X-HTTP-Method X-Method-Override x-method Method-Override " +
  "HTTP-Method-Override X_HTTP_Method_Override _method method x-override-method x-original-method x-http-verb"
).split(" ");

for (const name of OVERRIDES) {
  HOSTILE[`the header ${name}`] = { lines: plain({ [name]: "DELETE" }), ...malformed };
  HOSTILE[`the query parameter ${name}`] = {
    lines: start(`POST /v1/responses?a=1&${name.replace("m", "%6d")}=DELETE HTTP/1.1`),
    ...malformed,
  };
}

async function withHost(run: (to: LocalProxy & { host: string }) => Promise<void>): Promise<void> {
  await withProxy((local) => run({ ...local, host: new URL(local.origin).host }));
}

for (const [what, { lines, status, code }] of Object.entries(HOSTILE)) {
  test(`the proxy refuses ${what}, in the envelope and without CORS headers`, async () => {
    await withHost(async (to) => {
      const response = await rawExchange(to.origin, ...lines(to));
      assert.equal(response.status, status, response.head);
      const { error } = JSON.parse(response.body);
      assert.equal(error.code, code);
      assert.deepEqual(Object.keys(error).toSorted(), ["code", "message", "param", "type"]);
      assert.doesNotMatch(response.head, /^access-control-/im);
      assert.ok(!response.body.includes(to.key));
      assert.equal(to.upstream.received.length, 0);
    });
  });
}

test("the proxy accepts localhost and the Bearer scheme in any case", async () => {
  await withHost(async (to) => {
    const host = to.host.replace("127.0.0.1", "LocalHost");
    const authorization = `bearer ${to.key}`;
    const response = await rawExchange(to.origin, ...plain({ host, authorization })(to));
    assert.equal(response.status, 200, response.head);
  });
});

test("the proxy refuses a request with an invalid URL, as Bun creates, and sends nothing", async () => {
  const headers = { host: "127.0.0.1:8080", authorization: "Bearer key" };
  const request = new Request("http://127.0.0.1:8080/v1/models", { headers });
  Object.defineProperty(request, "url", { value: request.url.replace("8080", "8080pass") });
  const sent: unknown[] = [];
  const fetch = async (...call: unknown[]) => (sent.push(call), new Response());
  const handler = proxy({ url: "https://gateway.example/v1", roots: ["/v1"], fetch, key: "key" });
  const response = await handler(request);
  assert.equal(response.status, 400);
  const { error } = await response.json();
  assert.equal(error.code, "validation_error");
  assert.doesNotMatch(error.message, /pass/);
  assert.equal(sent.length, 0);
});

test("a request with the right key and an Origin gets a response without CORS headers", async () => {
  await withHost(async (to) => {
    const origin = "https://evil.example";
    const response = await rawExchange(to.origin, ...plain({ origin })(to));
    assert.equal(response.status, 200, response.head);
    assert.doesNotMatch(response.head, /^access-control-/im);
    assert.equal(to.upstream.received[0]?.headers.get("origin"), null);
  });
});

test("bytes after a body are another request, which needs the key as well", async () => {
  await withHost(async (to) => {
    const smuggled = `GET /v1/models HTTP/1.1\r\nhost: ${to.host}\r\n\r\n`;
    const chunked = { "transfer-encoding": "chunked", connection: "keep-alive" };
    const body = [BODY.length.toString(16), BODY, "0", "", smuggled];
    const response = await rawExchange(to.origin, ...head(to, chunked), "", ...body);
    assert.equal(response.status, 200, response.head);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(to.upstream.received.map(({ url }) => new URL(url).pathname), [PATH]);
    assert.equal(JSON.parse(new TextDecoder().decode(to.upstream.received[0]?.body)).model, GPT);
  });
});

test("a header that only contains the word method is forwarded", async () => {
  await withHost(async (to) => {
    const name = "x-stainless-helper-method";
    const response = await rawExchange(to.origin, ...plain({ [name]: "stream" })(to));
    assert.equal(response.status, 200, response.head);
    assert.equal(to.upstream.received[0]?.headers.get(name), "stream");
  });
});

test("repeated headers are forwarded as one line", async () => {
  await withHost(async (to) => {
    const response = await rawExchange(to.origin, ...plain({ "x-color": ["red", "blue"] })(to));
    assert.equal(response.status, 200, response.head);
    assert.equal(to.upstream.received[0]?.headers.get("x-color"), "red, blue");
  });
});
