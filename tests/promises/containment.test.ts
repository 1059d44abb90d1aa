import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import OpenAI from "openai";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { bedrock, type Fetch } from "../../mod.ts";
import { recorder } from "../properties/recorder.ts";
import { rejects, SECRET } from "../support/refusal.ts";
import { forEverySdk } from "../support/sdk_versions.ts";

const BASE = "https://gateway.example/v1";

/** Creates providers in both modes, with callbacks that count and a `fetch` that records. */
function subjects() {
  const { sent, fetch } = recorder(() => Response.json({ output: [] }));
  const calls = { credentials: 0 };
  const common = {
    region: "us-west-2",
    endpoint: "mantle",
    baseURL: BASE,
    env: {},
    fetch,
  } as const;
  const both = [
    bedrock({ ...common, tokenProvider: () => (calls.credentials++, "token") }),
    bedrock({ ...common, credentialProvider: () => (calls.credentials++, EXAMPLE_CREDENTIALS) }),
  ];
  return { sent, calls, both, record: fetch };
}

test("fetch() sends to the URL that it checked, even if the caller changes it meanwhile", async () => {
  const { sent, both } = subjects();
  for (const { fetch } of both) {
    const url = new URL(`${BASE}/responses`);
    const response = fetch(url);
    url.host = "evil.example";
    await response;
  }
  assert.deepEqual(sent.map(({ url }) => url), [`${BASE}/responses`, `${BASE}/responses`]);
});

test("the provider checks the origin again once it has the credential", async () => {
  const registry = Reflect.get(globalThis, Symbol.for("openai.node.providerDefinitions.v1"));
  for (const provider of subjects().both) {
    const urls = [`${BASE}/responses`, "https://evil.example/v1/responses"];
    const context = {
      options: {},
      get url() {
        return urls.shift();
      },
    };
    const request = { method: "post", headers: new Headers(), body: "{}" };
    const { prepareRequest } = registry.get(provider).configure();
    await rejects(prepareRequest(request, context), "origin_mismatch", "evil.example");
    assert.equal(request.headers.get("authorization"), null);
  }
});

test("the headers of the client and of a caller are not modified", async () => {
  const registry = Reflect.get(globalThis, Symbol.for("openai.node.providerDefinitions.v1"));
  const own = { host: "evil.example", "x-amz-date": "20200101T000000Z", "x-own": "1" };
  for (const whole of subjects().both) {
    const headers = new Headers(own);
    const request = { method: "post", headers, body: "{}" };
    const context = { url: `${BASE}/responses`, options: {} };
    await registry.get(whole).configure().prepareRequest(request, context);
    assert.ok(request.headers.has("authorization"));
    await whole.fetch(context.url, { method: "POST", headers, body: "{}" });
    assert.deepEqual(Object.fromEntries(headers), own);
  }
});

test("headers that a provider has signed are not modified when fetch() signs for another path", async () => {
  const sent: string[] = [];
  const whole = bedrock({
    region: "us-west-2",
    env: {},
    ...EXAMPLE_CREDENTIALS,
    fetch: async (_, init) => {
      sent.push(new Headers(init?.headers).get("authorization") ?? "");
      return Response.json({ output: [] });
    },
  });
  const fetch: Fetch = async (url, init) => {
    const headers = new Headers(init?.headers);
    const response = await whole.fetch(url, init);
    assert.deepEqual([...new Headers(init?.headers)], [...headers]);
    assert.notEqual(headers.get("authorization"), sent.at(-1));
    return response;
  };
  const client = new OpenAI({ provider: whole, fetch });
  await client.responses.create({ model: "openai.gpt-oss-120b", input: "Say hello" });
  assert.equal(sent.length, 1);
});

test("a header that HTTP cannot carry is refused without showing its value", async () => {
  for (const { fetch } of subjects().both) {
    const sent = fetch(`${BASE}/responses`, { headers: { "x-key": `${SECRET}\n.` } });
    await assert.rejects(
      sent,
      (error) => error instanceof TypeError && !inspect(error).includes(SECRET),
    );
  }
});

test("a Request keeps its method, headers, body and signal, and never follows redirects", async () => {
  const { sent, both } = subjects();
  for (const { fetch } of both) {
    const headers = { "x-own": "1" };
    await fetch(new Request(`${BASE}/files`, { method: "POST", body: "text", headers }));
    await fetch(new Request(`${BASE}/files`, { redirect: "follow" }));
    const signal = AbortSignal.abort("stop");
    const aborted = fetch(new Request(`${BASE}/files`, { signal }));
    await assert.rejects(
      aborted,
      (error) => error === "stop" || (error as Error).name === "AbortError",
    );
  }
  assert.equal(sent.length, 4);
  assert.deepEqual(sent.map(({ headers }) => headers.get("x-own")), ["1", null, "1", null]);
  assert.deepEqual(new Set(sent.map(({ redirect }) => redirect)), new Set(["manual"]));
});

forEverySdk(({ name, OpenAI }) => {
  test(`${name}: the caller's own Authorization header is refused, and redirects stay off`, async () => {
    const { sent, calls, both, record } = subjects();
    for (const provider of both) {
      const client = new OpenAI({ provider, fetch: record });
      const headers = { Authorization: "Bearer mine" };
      await rejects(client.get("/models", { headers }), "authorization_conflict");
      assert.equal(calls.credentials, 0);
    }
    for (const provider of both) {
      const fetchOptions = { redirect: "follow" as const };
      await new OpenAI({ provider, fetch: record, fetchOptions }).get("/models");
      await new OpenAI(provider).get("/models", { fetchOptions });
    }
    assert.deepEqual(sent.map(({ redirect }) => redirect), Array(4).fill("manual"));
  });
});
