import assert from "node:assert/strict";
import fc from "fast-check";
import OpenAI from "openai";
import { bedrock, type Fetch } from "../../mod.ts";
import { withRawServer } from "./raw_server.ts";
import { hostile, made } from "./hostile.ts";
import { outcomeOf } from "./outcome.ts";
import { property } from "./property.ts";
import { assertSilent, KEYS, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { everyView, quietly, shown } from "./views.ts";

const WORDS = [
  "Berm is not enabled for this account",
  "Signature expired: 20261124T000000Z is now earlier than 20261124T120000Z",
  "The security token included in the request is expired",
  "Invalid bearer token",
  "User: arn:aws:iam::123456789012:user/x is not authorized to perform: bedrock-mantle:CreateInference",
  "Credential should be scoped to a valid region",
];

/** Bodies as services send them, cut, doubled and broken. */
const body = fc.oneof(
  mutated(
    ...WORDS.map((message) =>
      JSON.stringify({ error: { message, type: "x", code: null, param: null } })
    ),
    ...WORDS.map((Message) =>
      JSON.stringify({ Message, __type: "com.amazon#ExpiredTokenException" })
    ),
    '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}',
    '{"id":"resp_123","object":"response","output":[]}',
    '{"error":{"message":{"a":1},"code":7}}',
    '{"error":null,"__proto__":{"message":"x"},"message":["x"]}',
    "[]",
    "null",
    "<html><body>502</body></html>",
    'event: response.created\ndata: {"response":{"id":"resp_1"}}\n\n',
  ),
  fc.constantFrom("[".repeat(20_000), `{"error":${'{"a":'.repeat(5_000)}`, "x".repeat(70_000)),
  fc.json(),
);

const headerName = fc.constantFrom(
  "content-type",
  "date",
  "age",
  "location",
  "retry-after",
  "x-amzn-errortype",
  "x-amzn-requestid",
  "x-request-id",
  "x-should-retry",
  "www-authenticate",
);
const headerValue = mutated(
  "application/json",
  "text/event-stream",
  "Tue, 24 Nov 2026 12:00:00 GMT",
  "https://evil.example/v1",
  "ExpiredTokenException:http://internal.example/coral/",
  "req-1",
  "0",
);

const described = fc.record({
  status: fc.oneof(
    fc.constantFrom(
      200,
      201,
      204,
      205,
      206,
      301,
      302,
      304,
      307,
      308,
      400,
      401,
      403,
      404,
      429,
      500,
      503,
    ),
    fc.integer({ min: 200, max: 599 }),
  ),
  headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 4 }),
  body,
  pieces: fc.integer({ min: 1, max: 5 }),
  breaksOff: fc.boolean(),
});
type Described = typeof described extends fc.Arbitrary<infer T> ? T : never;

const BODILESS = [204, 205, 304];

function responseOf({ status, headers, body, pieces, breaksOff }: Described): Response {
  const bytes = new TextEncoder().encode(body);
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.length) return controller.enqueue(bytes.slice(at, at += size));
      if (breaksOff) controller.error(new Error("The connection broke off"));
      else controller.close();
    },
  }, { highWaterMark: 0 });
  const all = new Headers();
  for (const [name, value] of headers) {
    try {
      all.set(name, value);
    } catch {
      // no header has such a value
    }
  }
  return new Response(BODILESS.includes(status) ? null : stream, { status, headers: all });
}

const auth = fc.constantFrom<"token" | "keys" | "callback">("token", "keys", "callback");
const AUTHS = {
  token: { apiKey: SECRETS.apiKey },
  keys: KEYS,
  callback: { credentialProvider: async () => ({ ...KEYS }) },
};
const endpoint = fc.constantFrom<"mantle" | "runtime">("mantle", "runtime");
const request = { method: "POST", body: '{"model":"openai.gpt-5.4","input":"x"}' };

/** Reads a body to its end, or to where it breaks off. */
async function read(described: Response): Promise<string> {
  const outcome = await outcomeOf(() => described.text());
  return "value" in outcome ? `whole ${outcome.value}` : "broken off";
}

property(
  "a response of any kind is passed on or explained, and never followed",
  120,
  fc.tuple(described, auth, endpoint, fc.boolean()),
  async ([described, auth, endpoint, limited]) => {
    const asked: string[] = [];
    const fetch: Fetch = async (input) => {
      asked.push(String(input instanceof Request ? input.url : input));
      return responseOf(described);
    };
    const idle = limited ? { idleTimeoutMs: 30_000 } : {};
    const common = { region: "us-west-2", endpoint, env: {}, fetch, ...idle };
    const way = bedrock({ ...common, ...AUTHS[auth] });
    await quietly(async () => {
      const got = await way.fetch(`${way.url}/responses`, request);
      const text = await read(got);
      assertSilent(text + everyView(got), "the response");
      const wanted = await read(responseOf(described));
      if (described.status < 300 && got.status < 300) assert.equal(text, wanted);
      if (text !== wanted) assert.equal(typeof JSON.parse(text.slice(6)).error.message, "string");
    });
    assert.ok(asked.length <= 2, `${asked.length} requests`);
    for (const url of asked) assert.equal(new URL(url).origin, new URL(way.url).origin);
  },
);

property(
  "the OpenAI client handles any response as it would one of OpenAI",
  50,
  fc.tuple(described, auth, fc.boolean()),
  async ([described, auth, stream]) => {
    const fetch: Fetch = async () => responseOf(described);
    const way = bedrock({ region: "us-west-2", env: {}, fetch, ...AUTHS[auth] });
    const end = (client: OpenAI) =>
      outcomeOf(async () => {
        const question = { model: "openai.gpt-5.4", input: "x", stream };
        const created = await client.responses.create(question);
        if (stream) { for await (const _ of created as AsyncIterable<unknown>); }
      });
    const ours = await quietly(() => end(new OpenAI({ ...way, maxRetries: 0 })));
    if ("value" in ours) return;
    assertSilent(everyView(ours.thrown), "the error");
    if (ours.thrown instanceof OpenAI.APIError) return;
    const plain = await quietly(() => end(new OpenAI({ apiKey: "x", fetch, maxRetries: 0 })));
    assert.ok("thrown" in plain, `only ours throws: ${shown(ours.thrown)}`);
    assert.equal((ours.thrown as Error).message, (plain.thrown as Error).message);
  },
);

property(
  "a fetch that returns no Response leads to a refusal, and its errors are rethrown",
  100,
  fc.tuple(hostile, fc.constantFrom("returns", "throws"), auth),
  async ([name, how, auth]) => {
    const value = made(name);
    const fetch = async () => {
      if (how === "throws") throw value;
      return value as Response;
    };
    const way = bedrock({ region: "us-west-2", env: {}, fetch, ...AUTHS[auth] });
    const outcome = await outcomeOf(() => way.fetch(`${way.url}/responses`, request));
    if ("thrown" in outcome) {
      // What is no promise at all may still throw where it is awaited
      const alone = await outcomeOf(fetch);
      assert.ok("thrown" in alone, name);
      const isSame = how === "returns" || Object.is(outcome.thrown, alone.thrown);
      return assert.ok(isSame, shown(outcome.thrown));
    }
    assert.equal((await outcome.value.json()).error.type, "bedrock_error");
  },
);

property(
  "a response that was read or locked already is passed on",
  60,
  fc.tuple(described, auth, fc.constantFrom("read", "locked")),
  async ([described, auth, how]) => {
    const fetch: Fetch = async () => {
      const response = responseOf(described);
      if (how === "read") await response.text().catch(() => {});
      else response.body?.getReader();
      return response;
    };
    const way = bedrock({
      region: "us-west-2",
      env: {},
      fetch,
      ...AUTHS[auth],
      idleTimeoutMs: 30_000,
    });
    const got = await way.fetch(`${way.url}/responses`, request);
    assert.ok(got instanceof Response);
  },
);

property(
  "bytes of any kind from a socket lead to a response, or to an error of the platform's fetch",
  40,
  fc.tuple(
    mutated(
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nx-amzn-requestid: 1\r\n\r\n{}",
      'HTTP/1.1 403 Forbidden\r\ncontent-length: 31\r\nx-amzn-requestid: 1\r\n\r\n{"Message":"Signature expired"}',
      "HTTP/1.1 999 Odd\r\ncontent-length: 2\r\nx-amzn-requestid: 1\r\n\r\n{}",
      "HTTP/1.1 600 Odd\r\ncontent-length: 2\r\nx-amzn-requestid: 1\r\n\r\n{}",
      "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/x\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 204 No Content\r\nx-amzn-requestid: 1\r\n\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-amzn-requestid: 1\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      "HTTP/1.1 200 \xe9\xe8\r\ncontent-length: 2\r\nx-amzn-requestid: 1\r\n\r\n{}",
    ),
    auth,
  ),
  async ([bytes, auth]) =>
    await withRawServer(bytes, async (origin) => {
      const options = {
        baseURL: `${origin}/v1`,
        region: "us-west-2",
        endpoint: "mantle",
        env: {},
      } as const;
      const way = bedrock({ ...options, ...AUTHS[auth], idleTimeoutMs: 2_000 });
      const signal = AbortSignal.timeout(2_000);
      const ours = await quietly(() => outcomeOf(() => way.fetch(`${way.url}/models`, { signal })));
      if ("value" in ours) return assertSilent(await read(ours.value), "the response");
      assertSilent(everyView(ours.thrown), "the error");
      const theirs = await outcomeOf(() =>
        globalThis.fetch(`${way.url}/models`, { signal, redirect: "manual" })
      );
      assert.ok("thrown" in theirs, `only we throw: ${shown(ours.thrown)}`);
    }),
);
