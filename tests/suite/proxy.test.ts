import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { toFile } from "openai";
import { bedrock } from "../../aws.ts";
import { randomKey } from "../../proxy/admission.ts";
import { proxy } from "../../proxy/handler.ts";
import { answerHeaders, forwardedHeaders } from "../../proxy/headers.ts";
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
  test(`the proxy serves the official client, and forwards with ${way}`, async () => {
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

test("errors of the service pass as they are, for the client to know", async () => {
  await withProxy(async (local) => {
    const failure = await clientOf(local).responses.create({ ...REQUEST, model: "no.such" })
      .then(() => undefined, (error: unknown) => error);
    assert.ok(failure instanceof OpenAI.APIError);
    assert.ok(failure.status === 404 || failure.status === 400, `${failure.status}`);
    assert.match(failure.message, /no\.such/);
    assert.match(failure.requestID ?? "", /^req_/);
  });
});

test("status and headers of an answer pass, but for those of one connection or for pages", async () => {
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
    const answer = await fetch(`${baseURL}/models`, { headers });
    const names = ["retry-after", "x-amzn-requestid", "set-cookie", "access-control-allow-origin"];
    assert.deepEqual([answer.status, ...names.map((name) => answer.headers.get(name))], [
      429,
      "7",
      "id-1",
      null,
      null,
    ]);
    assert.equal(await answer.text(), '{"error":{}}');
  }, { intercept });
  assert.deepEqual([...answerHeaders(headers).keys()], ["retry-after", "x-amzn-requestid"]);
});

test("a redirect is an error, and leads neither the proxy nor its client anywhere", async () => {
  const location = "https://elsewhere.example/";
  const intercept = () => new Response(null, { status: 307, headers: { location } });
  await withProxy(async ({ baseURL, headers, upstream }) => {
    const answer = await fetch(`${baseURL}/models`, { headers, redirect: "manual" });
    assert.deepEqual([answer.status, answer.headers.get("location")], [307, null]);
    assert.equal((await answer.json()).error.code, "redirected");
    assert.equal(upstream.received.length, 0);
  }, { intercept });
});

test("what is said to the proxy alone is not sent on, and the rest is", async () => {
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
    const answer = await fetch(`${baseURL}/responses`, {
      method: "POST",
      headers: all,
      body: BODY,
    });
    assert.equal(answer.status, 200);
    const seen = upstream.received[0]?.headers ?? new Headers();
    assert.ok(![...seen].flat().includes(SECRET), JSON.stringify([...seen]));
    assert.equal(seen.get("openai-project"), "proj_1");
    assert.equal(seen.get("host"), new URL(upstream.origin).host);
  });
});

test("only paths below the API's roots are forwarded, whatever dots say", async () => {
  await withProxy(async ({ origin, headers, upstream }) => {
    for (const path of ["/", "/model/x/invoke", "/openai/v1/../../model", "/openai/v1x/y"]) {
      const answer = await fetch(origin + path, { headers });
      assert.equal(answer.status, 404);
      assert.match(await answer.text(), /"code":"unknown_url"/);
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

test("both roots are served on Mantle, and that of the base URL elsewhere", () => {
  const at = "https://gateway.example";
  assert.deepEqual(apiRoots(`${at}/openai/v1`, "mantle"), ["/openai/v1", "/v1"]);
  assert.deepEqual(apiRoots(`${at}/v1`, "mantle"), ["/v1", "/openai/v1"]);
  assert.deepEqual(apiRoots(`${at}/a/openai/v1`, "mantle"), ["/a/openai/v1", "/a/v1"]);
  assert.deepEqual(apiRoots(`${at}/openai/v1`, "runtime"), ["/openai/v1"]);
  assert.deepEqual(apiRoots(`${at}/other`, "mantle"), ["/other"]);
  assert.deepEqual(apiRoots(at, "mantle"), [""]);
});

test("a body beyond the limit is answered 413, with a length and without", async () => {
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
      const answer = await fetch(`${baseURL}/responses`, { ...init, body });
      const { error } = await answer.json();
      assert.deepEqual([answer.status, error.code], [413, "request_too_large"]);
      assert.match(error.message, /10000 bytes/);
    }
    assert.equal(upstream.received.length, 0);
    const answer = await fetch(`${baseURL}/responses`, {
      method: "POST",
      headers,
      body: BODY.padEnd(10_000),
    });
    assert.equal(answer.status, 200);
  }, { way: "AWS keys", bufferLimit: 10_000 });
});

test("a credential that cannot be had is answered with the code and what to do", async () => {
  const { url, fetch: send } = bedrock({
    region: "us-west-2",
    tokenProvider: () => Promise.reject(new Error(SECRET)),
  });
  const key = randomKey();
  await withServer(proxy({ url, roots: ["/openai/v1"], fetch: send, key }), async (origin) => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(`${origin}/openai/v1/models`, { headers });
    const text = await answer.text();
    assert.deepEqual([answer.status, JSON.parse(text).error.code], [401, "credentials_failed"]);
    assert.ok(!text.includes(SECRET));
  });
});

test("a service that cannot be reached is answered 502, without what the network said", async () => {
  const key = randomKey();
  const handler = proxy({
    url: "https://gateway.example/v1",
    roots: ["/v1"],
    fetch: () => Promise.reject(new TypeError(SECRET, { cause: { code: "ECONNRESET" } })),
    key,
  });
  await withServer(handler, async (origin) => {
    const headers = { authorization: `Bearer ${key}` };
    const { answer, logged } = await logging(() => fetch(`${origin}/v1/models`, { headers }));
    const { error } = await answer.json();
    assert.deepEqual(logged, [["Could not reach https://gateway.example: TypeError ECONNRESET"]]);
    assert.deepEqual([answer.status, error.code], [502, "upstream_unreachable"]);
    assert.match(error.message, /^Could not reach https:\/\/gateway\.example: /);
  });
});

test("a status that is not final, or none of HTTP, is answered 502", async () => {
  for (const status of [101, 103, 199, 600, 999]) {
    const answer = Object.defineProperty(new Response("body"), "status", { value: status });
    const key = randomKey();
    const handler = proxy({
      url: "https://gateway.example/v1",
      roots: ["/v1"],
      fetch: () => Promise.resolve(answer),
      key,
    });
    await withServer(handler, async (origin) => {
      const headers = { authorization: `Bearer ${key}` };
      const received = await fetch(`${origin}/v1/models`, { headers });
      const { error } = await received.json();
      assert.deepEqual([received.status, error.code], [502, "upstream_invalid"]);
    });
  }
});

test("what the proxy itself gets wrong is its own fault, and logged without its message", async () => {
  const answer = {
    get status(): number {
      throw Object.assign(new RangeError(SECRET), { code: "ERR_ODD" });
    },
  };
  const key = randomKey();
  const handler = proxy({
    url: "https://gateway.example/v1",
    roots: ["/v1"],
    fetch: () => Promise.resolve(answer as Response),
    key,
  });
  await withServer(handler, async (origin) => {
    const headers = { authorization: `Bearer ${key}` };
    const { answer, logged } = await logging(() => fetch(`${origin}/v1/models`, { headers }));
    const { error } = await answer.json();
    assert.deepEqual([answer.status, error.code], [500, "internal_server_error"]);
    assert.deepEqual(logged, [["Could not answer a request: RangeError ERR_ODD"]]);
  });
});

/** Keeps what is said on stderr meanwhile. */
async function logging(run: () => Promise<Response>) {
  const logged: unknown[][] = [];
  const { error } = console;
  console.error = (...said) => void logged.push(said);
  try {
    return { answer: await run(), logged };
  } finally {
    console.error = error;
  }
}

test("each key is new, of 32 bytes, and needs no quoting", () => {
  const keys = new Set(Array.from({ length: 100 }, randomKey));
  assert.equal(keys.size, 100);
  for (const key of keys) assert.match(key, /^[\w-]{43}$/);
});
