import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { toFile } from "openai";
import { bedrock } from "../../aws.ts";
import { randomKey } from "../../proxy/admission.ts";
import { proxy } from "../../proxy/handler.ts";
import { forwardedHeaders, responseHeaders } from "../../proxy/headers.ts";
import { apiRoots } from "../../proxy/paths.ts";
import { withServer } from "../support/local_mantle.ts";
import { type LocalProxy, type Way, WAYS, withProxy } from "../support/local_proxy.ts";
import { ANSWER, BODY, GPT, OSS } from "../support/mantle_clients.ts";
import { SECRET } from "../support/refusal.ts";

const REQUEST = { model: GPT, input: "Say hello!" };

function clientOf({ baseURL, key }: LocalProxy): OpenAI {
  return new OpenAI({ baseURL, apiKey: key, maxRetries: 0 });
}

for (const way of Object.keys(WAYS) as Way[]) {
  test(`the proxy serves the official client, and authenticates with ${way}`, async () => {
    await withProxy(async (local) => {
      const client = clientOf(local);
      assert.equal((await client.responses.create(REQUEST)).output_text, ANSWER);
      const stream = client.responses.stream(REQUEST);
      assert.equal((await stream.finalResponse()).output_text, ANSWER);
      const messages = [{ role: "user" as const, content: "Say hello!" }];
      const chat = await client.chat.completions.create({ model: GPT, messages });
      assert.equal(chat.choices[0]?.message.content, ANSWER);
      const seen = local.upstream.received;
      const auth = way === "AWS keys" ? "sigv4" : "bearer";
      assert.deepEqual(seen.map((request) => request.auth), [auth, auth, auth]);
      for (const { headers } of seen) {
        assert.doesNotMatch(headers.get("authorization") ?? "", new RegExp(local.key));
      }
    }, { way });
  });

  test(`the proxy uploads forms, and serves the other root of Mantle, with ${way}`, async () => {
    await withProxy(async (local) => {
      const client = clientOf({ ...local, baseURL: `${local.origin}/v1` });
      const file = await client.files.create({
        file: await toFile(new TextEncoder().encode('{"a":1}\n'), "lines.jsonl"),
        purpose: "batch",
      });
      assert.equal(file.bytes, 8);
      assert.equal(await (await client.files.content(file.id)).text(), '{"a":1}\n');
      assert.ok((await client.models.list()).data.some(({ id }) => id === OSS));
      assert.deepEqual(await client.files.delete(file.id).then(({ deleted }) => deleted), true);
    }, { way });
  });
}

test("errors of the service arrive unchanged", async () => {
  await withProxy(async (local) => {
    const failure = await clientOf(local).responses.create({ ...REQUEST, model: "no.such" })
      .then(() => undefined, (error: unknown) => error);
    assert.ok(failure instanceof OpenAI.APIError);
    assert.ok(failure.status === 404 || failure.status === 400, `${failure.status}`);
    assert.match(failure.message, /no\.such/);
    assert.match(failure.requestID ?? "", /^req_/);
  });
});

test("status and headers of a response are passed on, except hop-by-hop, cookie and CORS headers", async () => {
  const headers = new Headers({
    "access-control-allow-origin": "*",
    "retry-after": "7",
    "set-cookie": "a=b",
    "x-amzn-requestid": "id-1",
    "x-odd": "1",
    "connection": "keep-alive, x-odd",
  });
  const intercept = () => new Response('{"error":{}}', { status: 429, headers });
  await withProxy(async ({ baseURL, headers }) => {
    const response = await fetch(`${baseURL}/models`, { headers });
    const names = ["retry-after", "x-amzn-requestid", "set-cookie", "access-control-allow-origin"];
    assert.deepEqual([response.status, ...names.map((name) => response.headers.get(name))], [
      429,
      "7",
      "id-1",
      null,
      null,
    ]);
    assert.equal(await response.text(), '{"error":{}}');
  }, { intercept });
  assert.deepEqual([...responseHeaders(headers).keys()], ["retry-after", "x-amzn-requestid"]);
});

test("a redirect is an error that neither the proxy nor its client follows", async () => {
  const location = "https://elsewhere.example/";
  const intercept = () => new Response(null, { status: 307, headers: { location } });
  await withProxy(async ({ baseURL, headers, upstream }) => {
    const response = await fetch(`${baseURL}/models`, { headers, redirect: "manual" });
    assert.deepEqual([response.status, response.headers.get("location")], [307, null]);
    assert.equal((await response.json()).error.code, "redirected");
    assert.equal(upstream.received.length, 0);
  }, { intercept });
});

test("headers for the proxy alone are not forwarded, and the others are", async () => {
  const odd = {
    "x-amz-date": "19700101T000000Z",
    "x-amz-security-token": SECRET,
    "x-api-key": SECRET,
    "api-key": SECRET,
    "apikey": SECRET,
    "x-goog-api-key": SECRET,
    "x-auth-token": SECRET,
    "x-client-secret": SECRET,
    "cf-connecting-ip": SECRET,
    "client-ip": SECRET,
    "true-client-ip": SECRET,
    "x-client-ip": SECRET,
    "x-forwarded": SECRET,
    "x-original-url": SECRET,
    "x-rewrite-url": SECRET,
    "cookie": SECRET,
    "proxy-authorization": SECRET,
    "forwarded": SECRET,
    "via": SECRET,
    "x-forwarded-for": SECRET,
    "x-forwarded-host": SECRET,
    "x-real-ip": SECRET,
    "origin": SECRET,
    "referer": SECRET,
    "sec-fetch-site": SECRET,
    "te": SECRET,
    "connection": "close, x-nominated",
    "x-nominated": SECRET,
  };
  const kept = { "openai-project": "proj_1", "x-stainless-lang": "js", "idempotency-key": "1" };
  const sent = forwardedHeaders(new Headers({ ...odd, ...kept, host: "x", expect: "1" }));
  assert.deepEqual(Object.fromEntries(sent), { ...kept, "accept-encoding": "gzip, br" });
  await withProxy(async ({ baseURL, headers, upstream }) => {
    const { connection: _, te: __, "x-nominated": ___, ...sendable } = odd;
    const all = { ...sendable, ...kept, ...headers, "content-type": "application/json" };
    const response = await fetch(`${baseURL}/responses`, {
      method: "POST",
      headers: all,
      body: BODY,
    });
    assert.equal(response.status, 200);
    const seen = upstream.received[0]?.headers ?? new Headers();
    assert.ok(![...seen].flat().includes(SECRET), JSON.stringify([...seen]));
    assert.equal(seen.get("openai-project"), "proj_1");
    assert.equal(seen.get("host"), new URL(upstream.origin).host);
  });
});

test("headers for the proxy alone are not forwarded with underscores either", () => {
  const names = [
    "api_key",
    "content_length",
    "cookie2",
    "proxy_authorization",
    "transfer_encoding",
    "x_amz_date",
    "x_api_key",
    "x_forwarded_host",
    "x_original_url",
    "x_real_ip",
    "x-authorization",
    "ocp-apim-subscription-key",
    "x-password",
  ];
  const sent = forwardedHeaders(
    new Headers(Object.fromEntries(names.map((name) => [name, SECRET]))),
  );
  assert.deepEqual(Object.fromEntries(sent), { "accept-encoding": "gzip, br" });
});

test("headers about the origin or the credentials of the service do not reach the client", () => {
  const kept = { "x-ratelimit-remaining-tokens": "1", "www-authenticate": "Bearer" };
  const dropped = {
    "alt-svc": 'h2="elsewhere.example:443"',
    "authorization": SECRET,
    "clear-site-data": '"*"',
    "set-cookie2": SECRET,
    "strict-transport-security": "max-age=1",
    "x-amz-security-token": SECRET,
  };
  const passed = responseHeaders(new Headers({ ...kept, ...dropped }));
  assert.deepEqual(Object.fromEntries(passed), kept);
});

test("only paths below the API's roots are forwarded, also with dots", async () => {
  await withProxy(async ({ origin, headers, upstream }) => {
    for (const path of ["/", "/model/x/invoke", "/openai/v1/../../model", "/openai/v1x/y"]) {
      const response = await fetch(origin + path, { headers });
      assert.equal(response.status, 404);
      assert.match(await response.text(), /"code":"unknown_url"/);
    }
    assert.equal(upstream.received.length, 0);
    await (await fetch(`${origin}/v1/models?after=%20a`, { headers })).text();
    assert.equal(upstream.received[0]?.url, `${upstream.origin}/v1/models?after=%20a`);
    const arn = "arn%3Aaws%3Abedrock%3Aus-west-2%3A123456789012%3Ainference-profile%2Fa.b-v1%3A0";
    const paths = ["a%2Fb..c", "", "a.", arn, "caf%C3%A9", "a%20b", "openai.gpt-5.5"];
    for (const path of paths.map((name) => `/v1/models/${name}`)) {
      await (await fetch(origin + path, { headers })).text();
      assert.equal(upstream.received.at(-1)?.url, upstream.origin + path);
    }
  });
});

test("both roots are served on Mantle, and only that of the base URL elsewhere", () => {
  const at = "https://gateway.example";
  assert.deepEqual(apiRoots(`${at}/openai/v1`, "mantle"), ["/openai/v1", "/v1"]);
  assert.deepEqual(apiRoots(`${at}/v1`, "mantle"), ["/v1", "/openai/v1"]);
  assert.deepEqual(apiRoots(`${at}/a/openai/v1`, "mantle"), ["/a/openai/v1", "/a/v1"]);
  assert.deepEqual(apiRoots(`${at}/openai/v1`, "runtime"), ["/openai/v1"]);
  assert.deepEqual(apiRoots(`${at}/other`, "mantle"), ["/other"]);
  assert.deepEqual(apiRoots(at, "mantle"), [""]);
});

test("a body beyond the limit gets 413, with a length and without", async () => {
  let sent = 0;
  const chunks = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(4096));
      if (++sent === 3) controller.close();
    },
  });
  await withProxy(async ({ baseURL, headers, upstream }) => {
    for (const body of [new Uint8Array(10_001), chunks]) {
      const init: RequestInit & { duplex: "half" } = { method: "POST", headers, duplex: "half" };
      const response = await fetch(`${baseURL}/responses`, { ...init, body });
      const { error } = await response.json();
      assert.deepEqual([response.status, error.code], [413, "request_too_large"]);
      assert.match(error.message, /10000 bytes/);
    }
    assert.equal(upstream.received.length, 0);
    const response = await fetch(`${baseURL}/responses`, {
      method: "POST",
      headers,
      body: BODY.padEnd(10_000),
    });
    assert.equal(response.status, 200);
  }, { way: "AWS keys", bufferLimit: 10_000 });
});

test("a failed lookup gets a response with the code and what to do", async () => {
  const { url, fetch: send } = bedrock({
    region: "us-west-2",
    tokenProvider: () => Promise.reject(new Error(SECRET)),
  });
  const key = randomKey();
  await withServer(proxy({ url, roots: ["/openai/v1"], fetch: send, key }), async (origin) => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${origin}/openai/v1/models`, { headers });
    const text = await response.text();
    assert.deepEqual([response.status, JSON.parse(text).error.code], [401, "credentials_failed"]);
    assert.ok(!text.includes(SECRET));
  });
});

/** Sends a request through a proxy with this `fetch`; returns the response and what was logged. */
async function through(fetch: () => Promise<Response>) {
  const key = randomKey();
  const handler = proxy({ url: "https://gateway.example/v1", roots: ["/v1"], fetch, key });
  const logged: unknown[][] = [];
  const { error } = console;
  console.error = (...said) => void logged.push(said);
  const result = { status: 0, error: { code: "", message: "" }, logged };
  try {
    await withServer(handler, async (origin) => {
      const headers = { authorization: `Bearer ${key}` };
      const response = await globalThis.fetch(`${origin}/v1/models`, { headers });
      Object.assign(result, { status: response.status, ...await response.json() });
    });
    return result;
  } finally {
    console.error = error;
  }
}

test("an unreachable service gets 502, without the message of the network", async () => {
  const cause = { code: "ECONNRESET" };
  const lost = () => Promise.reject(new TypeError(SECRET, { cause }));
  const { status, error, logged } = await through(lost);
  assert.deepEqual(logged, [["Could not reach https://gateway.example: TypeError ECONNRESET"]]);
  assert.deepEqual([status, error.code], [502, "upstream_unreachable"]);
  assert.match(error.message, /^Could not reach https:\/\/gateway\.example: /);
});

test("a status that is not final or not valid gets 502", async () => {
  for (const value of [101, 103, 199, 600, 999]) {
    const odd = Object.defineProperty(new Response("body"), "status", { value });
    const { status, error } = await through(() => Promise.resolve(odd));
    assert.deepEqual([status, error.code], [502, "upstream_invalid"]);
  }
});

test("an error of the proxy itself gets 500, and is logged without its message", async () => {
  const odd = {
    get status(): number {
      throw Object.assign(new RangeError(SECRET), { code: "ERR_ODD" });
    },
  };
  const { status, error, logged } = await through(() => Promise.resolve(odd as Response));
  assert.deepEqual([status, error.code], [500, "internal_server_error"]);
  assert.deepEqual(logged, [["Could not respond to a request: RangeError ERR_ODD"]]);
});

test("each key is new, of 32 bytes, and needs no quoting", () => {
  const keys = new Set(Array.from({ length: 100 }, randomKey));
  assert.equal(keys.size, 100);
  for (const key of keys) assert.match(key, /^[\w-]{43}$/);
});
