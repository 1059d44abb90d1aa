import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { EXAMPLE_CREDENTIALS } from "../conformance/mantle/mod.ts";
import { serve } from "../conformance/mantle/serve.ts";
import { bedrock, type Fetch } from "../mod.ts";
import { rejects } from "./support/refusal.ts";

const BASE = "https://gateway.example/v1";
const OPTIONS = { region: "us-west-2", endpoint: "mantle", baseURL: BASE, env: {} } as const;

/** Creates a `fetch` that signs, and records its requests. */
function signing() {
  const sent: Request[] = [];
  let lookups = 0;
  const { fetch } = bedrock({
    ...OPTIONS,
    credentialProvider: () => (lookups++, EXAMPLE_CREDENTIALS),
    fetch: async (input, init) => (sent.push(new Request(input, init)), new Response("ok")),
  });
  return { fetch, sent, lookups: () => lookups };
}

const credential = (request: Request | undefined) =>
  request?.headers.get("authorization")?.slice(0, 6) ?? "none";

test("fetch() merges a Request and its init as the platform does", async () => {
  const { fetch, sent } = signing();
  const request = () =>
    new Request(BASE, { method: "POST", body: "old", headers: { "x-old": "1" } });
  await fetch(request(), { method: "PUT", body: "new", headers: { "x-new": "1" } });
  await fetch(request(), { signal: null });
  await fetch(request());
  const [changed, cleared, kept] = sent;
  assert.equal(changed?.method, "PUT");
  assert.equal(await changed?.text(), "new");
  assert.deepEqual([changed?.headers.get("x-old"), changed?.headers.get("x-new")], [null, "1"]);
  assert.equal(await cleared?.text(), "old");
  assert.equal(kept?.headers.get("x-old"), "1");
});

test("fetch() clears the signal of a Request if init has null", async () => {
  const { fetch, sent } = signing();
  const abort = new AbortController();
  const request = new Request(BASE, { signal: abort.signal });
  abort.abort();
  await assert.rejects(fetch(request));
  await fetch(request.url, { signal: null });
  assert.equal(sent.length, 1);
});

test("fetch() accepts a Request as init, signal included", async () => {
  const { fetch, sent } = signing();
  const abort = new AbortController();
  const init = new Request(BASE, { method: "POST", body: "x", signal: abort.signal });
  await fetch(BASE, init as RequestInit);
  assert.deepEqual([sent[0]?.method, await sent[0]?.text()], ["POST", "x"]);
  abort.abort();
  const aborted = new Request(BASE, { signal: abort.signal }) as RequestInit;
  await assert.rejects(fetch(BASE, aborted), { name: "AbortError" });
});

test("fetch() accepts a missing or null init, lower-case methods and pairs of headers", async () => {
  const { fetch, sent } = signing();
  await fetch(BASE);
  await fetch(BASE, null as unknown as undefined);
  await fetch(BASE, { method: "post", headers: [["x-own", "1"]], body: "x" });
  assert.deepEqual(sent.map(({ method }) => method), ["GET", "GET", "POST"]);
  assert.equal(sent[2]?.headers.get("x-own"), "1");
  assert.deepEqual(sent.map(credential), ["AWS4-H", "AWS4-H", "AWS4-H"]);
});

test("the caller's content type is kept, except for forms", async () => {
  const { fetch, sent } = signing();
  const headers = { "content-type": "application/x-own" };
  const form = new FormData();
  form.set("a", "1");
  for (const body of ["text", new Blob(["x"], { type: "audio/wav" }), new URLSearchParams("a=1")]) {
    await fetch(BASE, { method: "POST", body, headers });
  }
  await fetch(BASE, { method: "POST", body: form, headers });
  const types = sent.map((request) => request.headers.get("content-type") ?? "");
  assert.deepEqual(types.slice(0, 3), Array(3).fill("application/x-own"));
  assert.match(types[3] ?? "", /^multipart\/form-data; ?boundary=/);
  for (const request of sent) {
    assert.match(request.headers.get("authorization") ?? "", /SignedHeaders=content-type;host;/);
  }
});

test("a query that signers read differently is encoded only if it is signed", async () => {
  const url = `${BASE}/models?a=1+2&b=100%&c=%2B#d+e`;
  const { fetch, sent } = signing();
  await fetch(url);
  await fetch(new URL(url));
  await fetch(new Request(url, { method: "POST", body: "text", headers: { "x-own": "1" } }));
  for (const { url } of sent) assert.equal(new URL(url).search, "?a=1%202&b=100%25&c=%2B");
  assert.deepEqual([sent[2]?.method, await sent[2]?.text()], ["POST", "text"]);
  assert.equal(sent[2]?.headers.get("x-own"), "1");
  const { fetch: withToken } = bedrock({
    ...OPTIONS,
    apiKey: "key",
    fetch: async (input) => (assert.equal(input, url), new Response("sent")),
  });
  assert.equal(await (await withToken(url)).text(), "sent");
});

test("a stream is refused before a credential is looked up", async () => {
  const { fetch, sent, lookups } = signing();
  const body = new Blob(["x"]).stream();
  await rejects(fetch(BASE, { method: "POST", body }), "body_not_replayable");
  assert.deepEqual([lookups(), sent.length], [0, 0]);
});

test("a slow body does not count as a slow lookup", async () => {
  const { fetch } = signing();
  const abort = new AbortController();
  const body = new ReadableStream({ start() {} });
  const request = new Request(BASE, { method: "POST", body, duplex: "half" } as RequestInit);
  const wait = fetch(request, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("enough")), 5);
  await assert.rejects(wait, { message: "enough" });
});

/** Changes that a wrapper of `fetch` might make to an authenticated request. */
const WRAPPERS: Record<string, (init: RequestInit & { headers: Headers }) => RequestInit> = {
  "changes nothing": (init) => init,
  "adds a header that is not signed": (init) => (init.headers.set("traceparent", "00-1"), init),
  "deletes the authorization": (init) => (init.headers.delete("authorization"), init),
  "sets a placeholder": (init) => (init.headers.set("authorization", "Bearer mine"), init),
  "adds a header that must be signed": (init) => (init.headers.set("x-amz-meta-own", "1"), init),
  "edits a signed header": (init) => (init.headers.append("Content-Type", "own/type"), init),
  "deletes a signed header": (init) => (init.headers.delete("content-type"), init),
  "sets the host, which is signed": (init) => (init.headers.set("host", "example.com"), init),
  "edits the body": (init) => ({ ...init, body: `${init.body} ` }),
  "changes the method": (init) => ({ ...init, method: "PUT" }),
  "copies the headers": (init) => ({ ...init, headers: new Headers(init.headers) }),
};

test("a request is authenticated as it is sent, whatever a wrapper changes", async () => {
  for (const [name, wrap] of Object.entries(WRAPPERS)) {
    const { fetch, sent, lookups } = signing();
    const whole = bedrock({ ...OPTIONS, ...EXAMPLE_CREDENTIALS });
    const wrapper = (url: string, init: RequestInit & { headers: Headers }) =>
      fetch(url, wrap(init));
    const client = new OpenAI({ provider: whole, fetch: wrapper as unknown as Fetch });
    await client.post("/responses", { body: { model: "m" } });
    assert.equal(credential(sent[0]), "AWS4-H", name);
    const untouched = name === "changes nothing" || name.endsWith("is not signed");
    assert.equal(lookups(), untouched ? 0 : 1, name);
    assert.equal(sent[0]?.headers.get("host"), null, name);
    const own = sent[0]?.headers.has("x-amz-meta-own");
    if (own) assert.match(sent[0]?.headers.get("authorization") ?? "", /x-amz-meta-own/);
  }
});

test("authenticated headers are valid for one attempt at one URL", async () => {
  const { fetch, sent, lookups } = signing();
  const attempts = (url: string, init: RequestInit) =>
    fetch(`${url}/other`, init).then(() => fetch(url, init)).then(() => fetch(url, init));
  const whole = bedrock({ ...OPTIONS, ...EXAMPLE_CREDENTIALS });
  const client = new OpenAI({ provider: whole, fetch: attempts as unknown as Fetch });
  await client.post("/responses", { body: { model: "m" } });
  assert.deepEqual([sent.length, lookups()], [3, 3]);
});

test("options that a runtime adds to init are passed on with a Request", async () => {
  const inits: (RequestInit | undefined)[] = [];
  const { fetch } = bedrock({
    ...OPTIONS,
    apiKey: "key",
    fetch: async (_input, init) => (inits.push(init), new Response()),
  });
  const proxy = "http://127.0.0.1:9";
  await fetch(new Request(BASE), { proxy, method: "GET" } as RequestInit);
  assert.deepEqual(inits.map((init) => ({ ...init })), [{ proxy, redirect: "manual" }]);
});

test("fetch() uses the global fetch of the time of the call", async () => {
  const server = await serve(() => new Response("ok"));
  const real = globalThis.fetch;
  try {
    const { fetch } = bedrock({ baseURL: server.url, apiKey: "key", env: {} });
    assert.equal(await (await fetch(server.url)).text(), "ok");
    globalThis.fetch = async () => new Response("replaced");
    assert.equal(await (await fetch(server.url)).text(), "replaced");
  } finally {
    globalThis.fetch = real;
    await server.close();
  }
});

const WAYS = [{ apiKey: "key" }, { credentialProvider: () => EXAMPLE_CREDENTIALS }];

test("fetch() sends a buffer and headers as they were when it was called", async () => {
  for (const ways of WAYS) {
    const sent: Request[] = [];
    const send: Fetch = async (...call) => (sent.push(new Request(...call)), new Response("ok"));
    const { fetch } = bedrock({ ...OPTIONS, ...ways, fetch: send });
    for (let call = 0; call < 2; call++) {
      const body = new TextEncoder().encode("given");
      const headers = new Headers({ "x-own": "given" });
      const response = fetch(BASE, { method: "POST", body, headers });
      body.fill(0);
      headers.set("x-own", "changed");
      await response;
      assert.equal(await sent[call]?.text(), "given");
      assert.equal(sent[call]?.headers.get("x-own"), "given");
    }
  }
});

test("fetch() sends a form as it was when it was called", async () => {
  for (const ways of WAYS) {
    const sent: Request[] = [];
    const send: Fetch = async (...call) => (sent.push(new Request(...call)), new Response("ok"));
    const { fetch } = bedrock({ ...OPTIONS, ...ways, fetch: send });
    const [params, form] = [new URLSearchParams({ own: "given" }), new FormData()];
    form.append("own", "given");
    form.append("own", new File(["given"], "given.txt"));
    for (const body of [params, form]) {
      const response = fetch(BASE, { method: "POST", body });
      body.set("own", "changed");
      await response;
    }
    assert.equal(await sent[0]?.text(), "own=given");
    const [text, file] = (await sent[1]?.formData())?.getAll("own") ?? [];
    assert.equal(text, "given");
    assert.ok(file instanceof File);
    assert.deepEqual([file.name, await file.text()], ["given.txt", "given"]);
  }
});
