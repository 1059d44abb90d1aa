import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS, mantle } from "../../conformance/mantle/mod.ts";
import { MODEL_IDS } from "../../conformance/mantle/models.ts";
import { bedrock, type BedrockProviderOptions } from "../../mod.ts";
import { resolveEndpoint } from "../../src/endpoint/endpoint.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { readModel } from "../../src/exchange/router.ts";
import { createRouter, routeOf } from "../../src/exchange/router.ts";
import type { Route } from "../../src/options.ts";
import { refuses } from "../support/refusal.ts";
import { forEverySdk } from "../support/sdk_versions.ts";

const ROOT = "https://bedrock-mantle.us-west-2.api.aws";
const REGION = "us-west-2";
const GPT = "openai.gpt-5.4";
const OSS = "openai.gpt-oss-120b";

function router(options: object = {}, routes: readonly Route[] = []) {
  const env = readEnvironment({});
  return createRouter(
    resolveEndpoint({ region: REGION, ...options }, env, {
      isSigned: true,
      profileRegion: undefined,
    }),
    routes,
  );
}

async function pathOf(path: string, body?: unknown, routes?: readonly Route[]) {
  return (await router({}, routes).target(`${ROOT}/openai/v1${path}`, body)).slice(ROOT.length);
}

test("a request goes to the prefix that serves its model", async () => {
  for (
    const model of ["openai.gpt-5.4", "openai.gpt-6-sol", "google.gemma-4-31b", "xai.grok-4.3"]
  ) {
    assert.equal(await pathOf("/responses", JSON.stringify({ model })), "/openai/v1/responses");
  }
  for (
    const model of [OSS, "openai.gpt-oss-safeguard-20b", "google.gemma-3-4b-it", "qwen.qwen3-32b"]
  ) {
    const path = await pathOf("/chat/completions?x=1", JSON.stringify({ model }));
    assert.equal(path, "/v1/chat/completions?x=1");
  }
});

test("the table agrees with what the local server knows of every model", () => {
  const odd = MODEL_IDS.filter((id) => !id.startsWith("anthropic."));
  for (const id of odd) {
    const isNew = /^openai\.gpt-[56]|^google\.gemma-4|^xai\./.test(id);
    assert.equal(routeOf(id), isNew ? "/openai/v1" : "/v1", id);
  }
});

test("unknown models and requests without a model go to the default prefix", async () => {
  for (const body of [JSON.stringify({ model: "new.model" }), "{}", "no JSON", undefined, "[]"]) {
    assert.equal(await pathOf("/responses", body), "/openai/v1/responses");
  }
});

test("the control plane is under /v1, whatever the model", async () => {
  for (
    const path of [
      "/models",
      "/models/x",
      "/files?limit=1",
      "/fine_tuning/jobs",
      "/organization/projects",
    ]
  ) {
    assert.equal(await pathOf(path, JSON.stringify({ model: GPT })), `/v1${path}`);
  }
  assert.equal(await pathOf("/modelsx"), "/openai/v1/modelsx");
});

test("what follows responses/ and is no id is routed by its model", async () => {
  for (const path of ["/responses/input_tokens", "/responses/compact"]) {
    assert.equal(await pathOf(path, JSON.stringify({ model: OSS })), `/v1${path}`);
  }
});

test("an abort ends the wait for a model that a body has not told yet", async () => {
  const body = new ReadableStream({});
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", body, headers, duplex: "half" } as RequestInit;
  const { whole } = derived({});
  const leaving = new AbortController();
  setTimeout(() => leaving.abort(), 20);
  const request = new Request(`${whole.url}/responses`, init);
  await assert.rejects(whole.fetch(request, { signal: leaving.signal }), { name: "AbortError" });
});

test("routes of the user's own come first, by text, by pattern and by expression", async () => {
  const routes: Route[] = [["a.b", "/v1"], ["c.*-x*z", "/v2"], [/^openai\.gpt-5/i, "/own/v1"]];
  const prefixes = await Promise.all(
    ["a.b", "a.bc", "c.1-x2z", "c.-xz", "c.x", "c.-z", "openai.gpt-5.4", "openai.gpt-oss-20b"].map(
      async (model) =>
        (await pathOf("/responses", JSON.stringify({ model }), routes)).slice(0, -10),
    ),
  );
  assert.deepEqual(prefixes, [
    "/v1",
    "/openai/v1",
    "/v2",
    "/v2",
    "/openai/v1",
    "/openai/v1",
    "/own/v1",
    "/v1",
  ]);
});

test("routes that could lead elsewhere are refused", () => {
  const bad = ["x", [["a"]], [["a", "v1"]], [["a", "//evil.example"]], [[1, "/v1"]], [[
    "a",
    "/v1/",
  ]]];
  for (const routes of [...bad, [["a", "/v1?x"]], [["a", "/v1/../.."]]]) {
    const options = { region: REGION, apiKey: "key", env: {}, routes };
    refuses(
      () => bedrock(options as unknown as BedrockProviderOptions),
      "option_invalid",
      "`routes`",
    );
  }
});

test("a base URL of the user's own, Runtime and URLs beside the root are left alone", async () => {
  const body = JSON.stringify({ model: OSS });
  const own = router({ baseURL: `${ROOT}/openai/v1` });
  const runtime = router({ endpoint: "runtime" });
  for (const each of [own, runtime]) {
    assert.equal(
      await each.target(`${ROOT}/openai/v1/responses`, body),
      `${ROOT}/openai/v1/responses`,
    );
  }
  for (const path of ["/v1/responses", "/openai/v1x/responses", "/anthropic/v1/messages", "/"]) {
    assert.equal(await router().target(ROOT + path, body), ROOT + path);
  }
});

test("the model is read of every body that can be read twice", async () => {
  const json = JSON.stringify({ input: [{ model: "nested" }], text: '"model":"fake"', model: OSS });
  const form = new FormData();
  form.set("model", OSS);
  const post = (body: string, type: string) =>
    new Request(ROOT, { method: "POST", body, headers: { "content-type": type } });
  const bodies = [
    json,
    `{"model":"${OSS}","input":"x"}`,
    `{"model":"openai.\\u0067pt-oss-120b"}`,
    new TextEncoder().encode(json),
    new TextEncoder().encode(json).buffer,
    new Blob([json], { type: "application/json" }),
    form,
    post(json, "application/json; charset=utf-8"),
  ];
  for (const body of bodies) assert.equal(await readModel(body), OSS);
  const broken = [`{"model":"${OSS}"`, `{"model":"${OSS}"]`, `{"model":"${OSS}\n","x":1}`];
  const texts = ["{", "null", '{"model":7}', ...broken];
  const others = [null, 7, ...texts, new Blob([json]), post(json, "text/plain")];
  for (const body of others) assert.equal(await readModel(body), undefined);
  const request = post(json, "application/json");
  await readModel(request);
  assert.equal(await request.text(), json);
});

/** `bedrock()` on the derived root, whose requests are answered by the local server. */
function derived(options: BedrockProviderOptions) {
  const paths: string[] = [];
  const handler = mantle({ region: REGION });
  let lookups = 0;
  const credentialProvider = () => (lookups++, EXAMPLE_CREDENTIALS);
  const auth = "apiKey" in options ? {} : { credentialProvider };
  const whole = bedrock({
    region: REGION,
    env: {},
    ...auth,
    ...options,
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      paths.push(new URL(request.url).pathname);
      return await handler(request);
    },
  } as BedrockProviderOptions);
  return { whole, paths, lookups: () => lookups };
}

forEverySdk(({ name, OpenAI }) => {
  test(`${name}: one client serves both families, the models and the files`, async () => {
    for (const options of [{ apiKey: EXAMPLE_BEARER_TOKEN }, {}]) {
      const { whole, paths, lookups } = derived(options);
      const client: OpenAI = new OpenAI({ ...whole, maxRetries: 0 });
      for (const model of [GPT, OSS]) {
        await client.responses.create({ model, input: "Say hello!" });
        await client.chat.completions.create({
          model,
          messages: [{ role: "user", content: "Hi" }],
        });
      }
      await client.models.list();
      await client.files.list();
      assert.deepEqual(paths, [
        "/openai/v1/responses",
        "/openai/v1/chat/completions",
        "/v1/responses",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/files",
      ]);
      assert.equal(lookups(), "apiKey" in options ? 0 : 6, "one lookup for each request");
    }
  });
});

test("leaving an answer before its id has come frees its connection", async () => {
  let cancelled = false;
  const answer = new Response(new ReadableStream({ cancel: () => void (cancelled = true) }));
  const { note } = router();
  await note(answer, `${ROOT}/v1/responses`, "POST").body?.cancel();
  assert.ok(cancelled);
});

test("an answer is read along only where a response may have been created elsewhere", () => {
  const { note } = router();
  const others = [["GET", "/v1/responses"], ["POST", "/v1/models"], [
    "POST",
    "/openai/v1/responses",
  ]];
  for (const [method = "", path] of others) {
    const answer = Response.json({ id: "resp_0" });
    assert.equal(note(answer, ROOT + path, method), answer);
  }
});

test("a response is asked for where it was created, plain or streamed", async () => {
  const { whole, paths } = derived({});
  const client = new OpenAI({ ...whole, maxRetries: 0 });
  const plain = await client.responses.create({ model: OSS, input: "Say hello!" });
  const stream = await client.responses.create({ model: OSS, input: "Say hello!", stream: true });
  let streamed = "";
  for await (const event of stream) {
    if (event.type === "response.created") streamed = event.response.id;
  }
  const other = await client.responses.create({ model: GPT, input: "Say hello!" });
  for (const id of [plain.id, streamed, other.id]) {
    assert.equal((await client.responses.retrieve(id)).id, id);
  }
  const asked = paths.slice(3).map((path) => path.replace(/resp_\w+/, "id"));
  assert.deepEqual(asked, ["/v1/responses/id", "/v1/responses/id", "/openai/v1/responses/id"]);
});
