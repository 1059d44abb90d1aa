import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import OpenAI from "openai";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { serve } from "../../conformance/mantle/serve.ts";
import { bedrock, type BedrockProviderOptions, type Fetch } from "../../mod.ts";
import { rejects, SECRET } from "../support/refusal.ts";
import { forEverySdk } from "../support/sdk_versions.ts";

const BASE = "https://gateway.example/v1";
const FOREIGN = [
  "https://evil.example/v1/responses",
  "//evil.example/responses",
  "https://gateway.example:8443/v1/responses",
  "http://gateway.example/v1/responses",
  "https://gateway.example@evil.example/v1",
  "https://gateway.example.evil.example/v1",
  "blob:https://gateway.example/4f2c",
  "data:text/plain,x",
  "file:///v1",
  "/v1/responses",
  "https://user:password@gateway.example/v1",
  "https://:password@gateway.example/v1",
  "not a url",
  "",
];
const SAME = [
  "https://gateway.example/elsewhere",
  "HTTPS://GATEWAY.EXAMPLE:443/v1/responses",
];

type Sent = { url: string; headers: Headers; redirect: unknown };

/** Both modes, with callbacks that count, and a `fetch` that records. */
function subjects() {
  const sent: Sent[] = [];
  const calls = { credentials: 0 };
  const common = {
    region: "us-west-2",
    endpoint: "mantle",
    baseURL: BASE,
    env: {},
    fetch: async (input, init) => {
      const request = input instanceof Request ? input : undefined;
      const headers = new Headers(init?.headers ?? request?.headers);
      sent.push({
        url: request?.url ?? String(input),
        headers,
        redirect: init?.redirect ?? request?.redirect,
      });
      return Response.json({ output: [] });
    },
  } satisfies BedrockProviderOptions;
  const bearer = bedrock({ ...common, tokenProvider: () => (calls.credentials++, "token") });
  const sigv4 = bedrock({
    ...common,
    credentialProvider: () => (calls.credentials++, EXAMPLE_CREDENTIALS),
  });
  return { sent, calls, both: [bearer, sigv4], record: common.fetch };
}

test("fetch() refuses every other origin before it asks for a credential", async () => {
  const { sent, calls, both } = subjects();
  for (const { fetch } of both) {
    for (const url of FOREIGN) {
      await rejects(fetch(url), "origin_mismatch");
    }
    await rejects(fetch(new URL("https://evil.example")), "origin_mismatch");
    await rejects(fetch(new Request("https://evil.example")), "origin_mismatch");
  }
  assert.equal(calls.credentials, 0);
  assert.equal(sent.length, 0);
});

test("fetch() accepts the origin of the base URL however it is spelled", async () => {
  const { sent, both } = subjects();
  for (const { fetch } of both) for (const url of SAME) await fetch(url);
  assert.equal(sent.length, 4);
});

test("fetch() sends what it checked, though the caller changes its URL meanwhile", async () => {
  const { sent, both } = subjects();
  for (const { fetch } of both) {
    const url = new URL(`${BASE}/responses`);
    const answer = fetch(url);
    url.host = "evil.example";
    await answer;
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

test("headers of the client and of a caller stay as they are", async () => {
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

test("headers that a provider has signed stay as they are, though fetch() signs for another path", async () => {
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
    const answer = await whole.fetch(url, init);
    assert.deepEqual([...new Headers(init?.headers)], [...headers]);
    assert.notEqual(headers.get("authorization"), sent.at(-1));
    return answer;
  };
  const client = new OpenAI({ provider: whole, fetch });
  await client.responses.create({ model: "openai.gpt-oss-120b", input: "Say hello" });
  assert.equal(sent.length, 1);
});

test("stale signing headers, a host and a placeholder are replaced", async () => {
  const { sent, both } = subjects();
  const headers = {
    authorization: "Bearer placeholder",
    host: "evil.example",
    "x-amz-date": "20000101T000000Z",
    "x-amz-security-token": "stale",
    "x-amz-content-sha256": "stale",
    "x-amz-meta-own": "kept",
  };
  for (const { fetch } of both) await fetch(`${BASE}/responses`, { headers, redirect: "follow" });
  for (const { headers, redirect } of sent) {
    assert.doesNotMatch(headers.get("authorization") ?? "", /placeholder/);
    assert.equal(headers.get("host"), null);
    assert.equal(headers.get("x-amz-security-token"), null);
    assert.notEqual(headers.get("x-amz-date"), "20000101T000000Z");
    assert.notEqual(headers.get("x-amz-content-sha256"), "stale");
    assert.equal(headers.get("x-amz-meta-own"), "kept");
    assert.equal(redirect, "manual");
  }
});

test("a header that HTTP cannot carry is refused without its value", async () => {
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

test("a redirect is never followed, and its target gets nothing", async () => {
  const reached: string[] = [];
  const target = await serve((request) => (reached.push(request.url), Response.json({})));
  const headers = { location: `${target.url}/v1/responses` };
  let status = 0;
  const source = await serve(() => new Response(null, { status, headers }));
  const options = {
    region: "us-west-2",
    endpoint: "mantle",
    baseURL: source.url,
    env: {},
  } as const;
  try {
    for (status of [301, 302, 303, 307, 308]) {
      for (const auth of [{ apiKey: "key" }, { ...EXAMPLE_CREDENTIALS, sessionToken: "session" }]) {
        const { fetch, url } = bedrock({ ...options, ...auth });
        const init = { method: "POST", body: "{}", redirect: "follow" } as const;
        assert.equal((await fetch(`${url}/responses`, init)).status, status);
        assert.equal((await fetch(new Request(`${url}/responses`, init))).status, status);
      }
    }
  } finally {
    await source.close();
    await target.close();
  }
  assert.deepEqual(reached, []);
});

forEverySdk(({ name, OpenAI }) => {
  test(`${name}: no path, base URL or option lets a credential out to another origin`, async () => {
    const { sent, calls, both } = subjects();
    for (const provider of both) {
      for (
        const client of [new OpenAI({ provider, fetch: provider.fetch }), new OpenAI(provider)]
      ) {
        for (const url of FOREIGN.filter((url) => /^[a-z]+:/.test(url))) {
          await rejects(client.get(url), "origin_mismatch");
          await rejects(client.post(url, { body: {} }), "origin_mismatch");
        }
        client.baseURL = "https://evil.example/v1";
        await rejects(client.models.list().then(), "origin_mismatch");
      }
    }
    assert.equal(calls.credentials, 0);
    assert.equal(sent.length, 0);
  });

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
