import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { EXAMPLE_CREDENTIALS, misbehave } from "../../conformance/mantle/mod.ts";
import { bedrock } from "../../mod.ts";
import { withServer } from "../support/local_mantle.ts";
import { withMisbehaving } from "../support/misbehaving_mantle.ts";
import { BEARER, BODY, GPT, PATH, REGION } from "../support/mantle_clients.ts";

const REQUEST = { model: GPT, input: "Hi" };
const ANSWER = 'Hello! You said: "Hi"';

/** Creates the official client with our provider, which signs every attempt. */
function client(origin: string, maxRetries = 0): OpenAI {
  const baseURL = `${origin}/openai/v1`;
  const options = { ...EXAMPLE_CREDENTIALS, endpoint: "mantle", region: REGION } as const;
  return new OpenAI({ provider: bedrock({ ...options, baseURL, env: {} }), maxRetries });
}

function post(origin: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(origin + PATH, { method: "POST", headers: { ...BEARER, ...headers }, body: BODY });
}

test("an abort ends the latency, and the handler is not called", async () => {
  await withMisbehaving("latency; ms=600000", async ({ origin, received }) => {
    const hurried = { timeout: 100 };
    await assert.rejects(
      client(origin).responses.create(REQUEST, hurried),
      OpenAI.APIConnectionTimeoutError,
    );
    assert.deepEqual(received, []);
  });
});

test("429 without Retry-After has no such header, and the client's own pause applies", async () => {
  await withMisbehaving("429; times=2", async ({ origin }) => {
    const response = await post(origin);
    assert.deepEqual([response.status, response.headers.has("retry-after")], [429, false]);
    assert.match(response.headers.get("x-request-id") ?? "", /^req_/);
    assert.equal((await response.json()).error.type, "rate_limit_error");
    assert.equal((await client(origin, 1).responses.create(REQUEST)).output_text, ANSWER);
  });
  await withMisbehaving("429", async ({ origin }) => {
    const refused = client(origin).responses.create(REQUEST);
    await assert.rejects(refused, { status: 429, code: "rate_limit_exceeded" });
  });
});

test("exclusive misbehaviours apply one at a time, each for its turns", async () => {
  await withMisbehaving("429; times=2, 500; times=1", async ({ origin }) => {
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) {
      const response = await post(origin);
      await response.body?.cancel();
      seen.push(response.status);
    }
    assert.deepEqual(seen, [429, 429, 500, 200, 200]);
  });
});

test("an expired token is refused with the message of its kind, and not retried", async () => {
  await withMisbehaving("expired-token", async ({ origin, received }) => {
    await assert.rejects(client(origin, 2).responses.create(REQUEST), {
      status: 401,
      message: "401 The security token included in the request is expired",
    });
    const { error } = await (await post(origin)).json();
    assert.match(
      error.message,
      /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
    );
    assert.equal(error.type, "permission_denied_error");
    assert.deepEqual(received, []);
  });
});

test("a skewed clock refuses signatures but not tokens", async () => {
  const texts = { 600: /Signature expired: /, "-600": /Signature not yet current: / };
  for (const [seconds, message] of Object.entries(texts)) {
    await withMisbehaving(`skew; seconds=${seconds}`, async ({ origin }) => {
      await assert.rejects(client(origin).responses.create(REQUEST), { status: 401, message });
      const { created_at } = await (await post(origin)).json();
      assert.ok(Math.abs(created_at - Date.now() / 1000 - Number(seconds)) < 60);
    });
  }
  await withMisbehaving("skew; seconds=200", async ({ origin }) => {
    assert.equal((await client(origin).responses.create(REQUEST)).output_text, ANSWER);
  });
});

test("no credential follows a redirect to another origin", async () => {
  const elsewhere: string[] = [];
  const other = ({ url, headers }: Request) => {
    elsewhere.push(`${url} with ${headers.get("authorization")}`);
    return Response.json({});
  };
  await withServer(other, async (to) => {
    await withMisbehaving(`redirect; to=${to}`, async ({ origin }) => {
      await assert.rejects(client(origin).responses.create(REQUEST));
      assert.equal(elsewhere.length, 0);
      // A plain fetch follows it, without the token
      assert.equal((await post(origin)).status, 200);
      assert.deepEqual(elsewhere, [`${to}${PATH} with null`]);
    });
  });
});

test("a redirect leads to a reserved host by default", async () => {
  const handler = misbehave(() => new Response(), { misbehaviours: [{ kind: "redirect" }] });
  const { status, headers } = await handler(new Request(`http://localhost${PATH}`));
  assert.deepEqual([status, headers.get("location")], [307, `https://elsewhere.example${PATH}`]);
});

test("misbehaviours may be objects, and a preflight is not affected", async () => {
  const handler = misbehave(() => new Response("fine"), {
    misbehaviours: [{ kind: "expired-token" }],
    now: () => Date.UTC(2026, 5, 12, 12),
  });
  const url = "http://localhost/";
  assert.equal(await (await handler(new Request(url, { method: "OPTIONS" }))).text(), "fine");
  const { error } = await (await handler(new Request(url, { headers: BEARER }))).json();
  assert.equal(
    error.message,
    "Signature expired: 20260612T000000Z is now earlier than 20260612T115500Z " +
      "(20260612T120000Z - 5 min.)",
  );
});
