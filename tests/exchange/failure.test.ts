import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { bedrock, type EndpointOptions, type Fetch } from "../../mod.ts";
import { readFailure } from "../../src/exchange/failure.ts";

const REGION = "us-west-2";
const QUESTION = { model: "openai.gpt-5.4", input: "Say hello!" };

/** What AWS says, in each of its shapes, and what the OpenAI client must make of it. */
const SHAPES: Record<string, { answer: () => Response; message: string; code: string | null }> = {
  "a message": {
    answer: () => Response.json({ message: "No" }, { status: 403 }),
    message: "No",
    code: null,
  },
  "a Message": {
    answer: () => Response.json({ Message: "No" }, { status: 403 }),
    message: "No",
    code: null,
  },
  "a type in the body": {
    answer: () =>
      Response.json({ __type: "com.amazon.coral.service#AccessDeniedException", message: "No" }, {
        status: 403,
      }),
    message: "No",
    code: "AccessDeniedException",
  },
  "a type alone": {
    answer: () => Response.json({ __type: "ThrottlingException" }, { status: 403 }),
    message: "The service returned 403 ThrottlingException",
    code: "ThrottlingException",
  },
  "a type in the headers": {
    answer: () =>
      Response.json({ Message: "No" }, {
        status: 403,
        headers: { "x-amzn-errortype": "AccessDeniedException:http://internal.amazon.com/coral/" },
      }),
    message: "No",
    code: "AccessDeniedException",
  },
  "a type in the headers and nothing else": {
    answer: () => new Response(null, { status: 403, headers: { "x-amzn-errortype": "Forbidden" } }),
    message: "The service returned 403 Forbidden with an empty body",
    code: "Forbidden",
  },
  "nothing at all": {
    answer: () => new Response(null, { status: 403 }),
    message: "The service returned 403 with an empty body",
    code: null,
  },
};

function client(answer: () => Response, options: EndpointOptions = {}) {
  const fetch: Fetch = async () => answer();
  const whole = bedrock({ region: REGION, apiKey: "key", env: {}, ...options, fetch });
  return new OpenAI({ ...whole, maxRetries: 0 });
}

for (const [name, { answer, message, code }] of Object.entries(SHAPES)) {
  test(`an error of AWS with ${name} reaches the OpenAI client with its words`, async () => {
    const error = await client(answer).responses.create(QUESTION).catch((error) => error);
    assert.equal(error.status, 403);
    assert.equal(error.message, `403 ${message}`);
    assert.deepEqual([error.code, error.type], [code, code]);
  });
}

test("an envelope of OpenAI's, a page of a proxy and what is too long are left as they are", async () => {
  const envelope = { error: { message: "No", type: "t", code: "c", param: "p", more: 1 } };
  const answers = [
    Response.json(envelope, { status: 400 }),
    new Response("<html>Forbidden</html>", {
      status: 403,
      headers: { "content-type": "text/html" },
    }),
    new Response("x", { status: 502, headers: { "content-length": "1000000" } }),
    Response.json(["list"], { status: 400 }),
    Response.json({ other: 1 }, { status: 400 }),
  ];
  for (const answer of answers) {
    const { fetch, url } = bedrock({
      region: REGION,
      apiKey: "key",
      env: {},
      fetch: async () => answer,
    });
    assert.equal(await fetch(url), answer);
    assert.equal(answer.bodyUsed, false);
  }
});

test("what a failure says is read of the envelope, whatever types its fields have", async () => {
  const read = async (error: object) => {
    const found = await readFailure(Response.json({ error }, { status: 400 }));
    return [found?.message, found?.code];
  };
  assert.deepEqual(await read({ message: "m", code: "c" }), ["m", "c"]);
  assert.deepEqual(await read({ message: 1, code: 2 }), ["", ""]);
});

test("an explained envelope keeps all that it held besides the message", async () => {
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

test("no status, and no body that is long, slow or breaks off, makes fetch() itself fail", async () => {
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
  const way = (answer: Response, options = {}) => {
    const { fetch, url } = bedrock({
      region: REGION,
      apiKey: "key",
      env: {},
      ...options,
      fetch: async () => answer,
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

test("AWS's request id is found by the OpenAI client, and one that came is kept", async () => {
  const answer = (headers: HeadersInit) => () =>
    Response.json({ error: {} }, { status: 400, headers });
  const own = client(answer({ "x-amzn-requestid": "aws-id" }));
  const error = await own.responses.create(QUESTION).catch((error) => error);
  assert.equal(error.requestID, "aws-id");
  const both = client(answer({ "x-amzn-requestid": "aws-id", "x-request-id": "openai-id" }));
  const other = await both.responses.create(QUESTION).catch((error) => error);
  assert.equal(other.requestID, "openai-id");
});

test("a success is the very answer that came, but for a request id that only AWS gave", async () => {
  const success = Response.json({ id: "resp_1" });
  const identified = Response.json({ id: "resp_1" }, { headers: { "x-amzn-requestid": "aws-id" } });
  const way = (answer: Response) =>
    bedrock({ region: REGION, apiKey: "key", env: {}, fetch: async () => answer });
  assert.equal(await way(success).fetch(way(success).url), success);
  const answer = await way(identified).fetch(way(identified).url);
  assert.equal(answer.headers.get("x-request-id"), "aws-id");
  assert.deepEqual(await answer.json(), { id: "resp_1" });
  const none = await way(new Response(null, { status: 204, headers: { "x-amzn-requestid": "i" } }))
    .fetch(way(success).url);
  assert.deepEqual([none.status, none.body], [204, null]);
});

test("Runtime's success where nothing is becomes a 404 that says why, and no other does", async () => {
  const body = {
    Output: { __type: "com.amazon.coral.service#UnknownOperationException" },
    Version: "1.0",
  };
  const origin = "https://bedrock-runtime.us-west-2.amazonaws.com";
  const ask = (path: string, answer: Response) =>
    bedrock({
      region: REGION,
      apiKey: "key",
      env: {},
      baseURL: origin + path,
      fetch: async () => answer,
    })
      .fetch(`${origin}${path}/responses`);
  const told = await ask("/v1", Response.json(body));
  assert.equal(told.status, 404);
  const { error } = await told.json();
  assert.match(error.message, /nothing at \/v1\/responses\. End the base URL in \/openai\/v1/);
  assert.equal(error.code, "UnknownOperationException");
  const quoting = Response.json({ output_text: "#UnknownOperationException" });
  for (const answer of [Response.json({ output: [] }), new Response("text"), quoting]) {
    assert.equal(await ask("/v1", answer), answer);
  }
  const here = Response.json(body);
  assert.equal(await ask("/openai/v1", here), here);
});

test("a redirect is an error that names where it led, and no more of it", async () => {
  const location = "https://elsewhere.example/path?secret=1";
  const redirect = () => new Response(null, { status: 307, headers: { location } });
  const error = await client(redirect).responses.create(QUESTION).catch((error) => error);
  assert.equal(error.status, 307);
  assert.match(error.message, /redirected to https:\/\/elsewhere\.example, /);
  const opaque = {
    type: "opaqueredirect",
    status: 0,
    headers: new Headers(),
    body: null,
    ok: false,
  };
  const hidden = client(() => opaque as unknown as Response);
  assert.equal((await hidden.responses.create(QUESTION).catch((error) => error)).status, 502);
});

test("what .fetch refuses reaches the OpenAI client once, with its code", async () => {
  let sent = 0;
  const fetch: Fetch = async () => (sent++, Response.json({}));
  let lookups = 0;
  const tokenProvider = () => (lookups++, Promise.reject(new Error("sealed")));
  const { fetch: own, url } = bedrock({ region: REGION, tokenProvider, env: {}, fetch });
  const plain = new OpenAI({ apiKey: "placeholder", baseURL: url, fetch: own, maxRetries: 3 });
  const error = await plain.responses.create(QUESTION).catch((error) => error);
  assert.deepEqual([error.status, error.code, error.type], [
    401,
    "credentials_failed",
    "bedrock_error",
  ]);
  const elsewhere = new OpenAI({ apiKey: "x", baseURL: "https://evil.example", fetch: own });
  const refused = await elsewhere.responses.create(QUESTION).catch((error) => error);
  assert.deepEqual([refused.status, refused.code], [400, "origin_mismatch"]);
  assert.deepEqual([lookups, sent], [1, 0]);
});

test("where a region is not known to be served, a failed connection says so", async () => {
  const failing = (region: string, options: EndpointOptions = {}) => {
    const fetch = () => Promise.reject(new TypeError("getaddrinfo ENOTFOUND"));
    const { fetch: own, url } = bedrock({ region, apiKey: "key", env: {}, ...options, fetch });
    return own(url);
  };
  const answer = await failing("us-west-1");
  assert.equal(answer.status, 502);
  assert.match((await answer.json()).error.message, /us-west-1, which is not among .*us-east-1/);
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
