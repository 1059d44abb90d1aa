import assert from "node:assert/strict";
import { test } from "node:test";
import { bedrock, type EndpointOptions } from "../../mod.ts";
import { readFailure } from "../../src/exchange/failure.ts";

const REGION = "us-west-2";

test("OpenAI's envelope, a proxy's page and a body that is too long are left unchanged", async () => {
  const envelope = { error: { message: "No", type: "t", code: "c", param: "p", more: 1 } };
  const responses = [
    Response.json(envelope, { status: 400 }),
    new Response("<html>Forbidden</html>", {
      status: 403,
      headers: { "content-type": "text/html" },
    }),
    new Response("x", { status: 502, headers: { "content-length": "1000000" } }),
    Response.json(["list"], { status: 400 }),
    Response.json({ other: 1 }, { status: 400 }),
  ];
  for (const response of responses) {
    const { fetch, url } = bedrock({
      region: REGION,
      apiKey: "key",
      env: {},
      fetch: async () => response,
    });
    assert.equal(await fetch(url), response);
    assert.equal(response.bodyUsed, false);
  }
});

test("message and code are read from the envelope, whatever the types of its fields", async () => {
  const read = async (error: object) => {
    const found = await readFailure(Response.json({ error }, { status: 400 }));
    return [found?.message, found?.code];
  };
  assert.deepEqual(await read({ message: "m", code: "c" }), ["m", "c"]);
  assert.deepEqual(await read({ message: 1, code: 2 }), ["", ""]);
});

test("an explained envelope keeps every field besides the message", async () => {
  const error = { message: "Invalid bearer token", code: 401, details: [1], type: "t" };
  const { fetch, url } = bedrock({
    region: REGION,
    apiKey: "key",
    env: {},
    fetch: async () => Response.json({ error }, { status: 401 }),
  });
  const told = (await (await fetch(url)).json()).error;
  assert.match(told.message, /^Invalid bearer token\. Bedrock does not recognize/);
  assert.deepEqual({ ...told, message: error.message }, error);
});

test("fetch() does not fail on odd statuses or on long, slow or broken bodies", async () => {
  const stream = (pull: (controller: ReadableStreamDefaultController) => void) =>
    new ReadableStream({ pull }, { highWaterMark: 0 });
  const breaking = () =>
    stream((controller) => {
      controller.enqueue(new TextEncoder().encode('{"error":'));
      controller.error(new TypeError("terminated"));
    });
  let pulled = 0;
  const endless = stream((controller) => {
    pulled++;
    controller.enqueue(new Uint8Array(16_384));
  });
  const way = (response: Response, options = {}) => {
    const { fetch, url } = bedrock({
      region: REGION,
      apiKey: "key",
      env: {},
      ...options,
      fetch: async () => response,
    });
    return fetch(url);
  };
  assert.equal((await way(new Response(null, { status: 304 }))).status, 304);
  const location = { location: "https://elsewhere.example" };
  assert.equal((await way(new Response(null, { status: 304, headers: location }))).status, 304);
  const odd = { status: 999, ok: false, type: "basic", headers: new Headers(), body: null };
  assert.equal(await way(odd as unknown as Response), odd);
  const broken = await way(new Response(breaking(), { status: 400 }));
  assert.equal(broken.status, 400);
  await assert.rejects(broken.text());
  const long = await way(new Response(endless, { status: 500 }));
  assert.equal(long.status, 500);
  assert.ok(pulled < 12, `${pulled} pieces were read`);
  await long.body?.cancel();
  const silent = new Response(new ReadableStream({}), { status: 400 });
  const ended = await way(silent, { idleTimeoutMs: 20 });
  assert.equal(ended.status, 400);
  await assert.rejects(ended.text(), { name: "TimeoutError" });
});

test("a success is returned unchanged, except that AWS's request id is copied", async () => {
  const success = Response.json({ id: "resp_1" });
  const identified = Response.json({ id: "resp_1" }, { headers: { "x-amzn-requestid": "aws-id" } });
  const way = (response: Response) =>
    bedrock({ region: REGION, apiKey: "key", env: {}, fetch: async () => response });
  assert.equal(await way(success).fetch(way(success).url), success);
  const response = await way(identified).fetch(way(identified).url);
  assert.equal(response.headers.get("x-request-id"), "aws-id");
  assert.deepEqual(await response.json(), { id: "resp_1" });
  const none = await way(new Response(null, { status: 204, headers: { "x-amzn-requestid": "i" } }))
    .fetch(way(success).url);
  assert.deepEqual([none.status, none.body], [204, null]);
});

test("only Runtime's 200 for an unknown path becomes a 404 with an explanation", async () => {
  const body = {
    Output: { __type: "com.amazon.coral.service#UnknownOperationException" },
    Version: "1.0",
  };
  const origin = "https://bedrock-runtime.us-west-2.amazonaws.com";
  const ask = (path: string, response: Response) =>
    bedrock({
      region: REGION,
      apiKey: "key",
      env: {},
      baseURL: origin + path,
      fetch: async () => response,
    })
      .fetch(`${origin}${path}/responses`);
  const told = await ask("/v1", Response.json(body));
  assert.equal(told.status, 404);
  const { error } = await told.json();
  assert.match(
    error.message,
    /nothing at \/v1\/responses\. Use a base URL that ends in \/openai\/v1/,
  );
  assert.equal(error.code, "UnknownOperationException");
  const quoting = Response.json({ output_text: "#UnknownOperationException" });
  for (const response of [Response.json({ output: [] }), new Response("text"), quoting]) {
    assert.equal(await ask("/v1", response), response);
  }
  const here = Response.json(body);
  assert.equal(await ask("/openai/v1", here), here);
});

test("a failed connection says so if the region is not known to be served", async () => {
  const failing = (region: string, options: EndpointOptions = {}) => {
    const fetch = () => Promise.reject(new TypeError("getaddrinfo ENOTFOUND"));
    const { fetch: own, url } = bedrock({ region, apiKey: "key", env: {}, ...options, fetch });
    return own(url);
  };
  const response = await failing("us-west-1");
  assert.equal(response.status, 502);
  assert.match((await response.json()).error.message, /us-west-1, which is not among .*us-east-1/);
  const baseURL = "https://bedrock-mantle.us-west-1.api.aws/v1";
  for (const options of [{ endpoint: "runtime" as const }, { baseURL }]) {
    await assert.rejects(failing("us-west-1", options), /ENOTFOUND/);
  }
  await assert.rejects(failing("us-west-2"), /ENOTFOUND/);
  const own = { region: "us-west-1", apiKey: "key", env: {} };
  for (const error of [new TypeError("x is not a function"), new DOMException("", "AbortError")]) {
    const { fetch, url } = bedrock({ ...own, fetch: () => Promise.reject(error) });
    await assert.rejects(fetch(url), (thrown) => thrown === error);
  }
});
