import assert from "node:assert/strict";
import { test } from "node:test";
import { MODEL_IDS } from "../../conformance/mantle/models.ts";
import { bedrock, type BedrockProviderOptions } from "../../mod.ts";
import { resolveEndpoint } from "../../src/endpoint/endpoint.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { createRouter, findRoute, readModel } from "../../src/exchange/router.ts";
import type { Route } from "../../src/options.ts";
import { refuses } from "../support/refusal.ts";

const ROOT = "https://bedrock-mantle.us-west-2.api.aws";
const REGION = "us-west-2";
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

test("the table agrees with the local server on every model", () => {
  const odd = MODEL_IDS.filter((id) => !id.startsWith("anthropic."));
  for (const id of odd) {
    const isNew = /^openai\.gpt-[56]|^google\.gemma-4|^xai\./.test(id);
    assert.equal(findRoute(id), isNew ? "/openai/v1" : "/v1", id);
  }
});

test("paths below responses/ that are no id are routed by model", async () => {
  for (const path of ["/responses/input_tokens", "/responses/compact"]) {
    assert.equal(await pathOf(path, JSON.stringify({ model: OSS })), `/v1${path}`);
  }
});

test("an abort ends the wait for a model in a body", async () => {
  const body = new ReadableStream({});
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", body, headers, duplex: "half" } as RequestInit;
  const whole = bedrock({ region: REGION, env: {}, apiKey: "key" });
  const leaving = new AbortController();
  setTimeout(() => leaving.abort(), 20);
  const request = new Request(`${whole.url}/responses`, init);
  await assert.rejects(whole.fetch(request, { signal: leaving.signal }), { name: "AbortError" });
});

test("custom routes come first, as text, pattern or expression", async () => {
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

test("the model is read from every body that can be read twice", async () => {
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

test("a response is watched for its id only if another path might serve it", () => {
  const { note } = router();
  const others = [["GET", "/v1/responses"], ["POST", "/v1/models"], [
    "POST",
    "/openai/v1/responses",
  ]];
  for (const [method = "", path] of others) {
    const response = Response.json({ id: "resp_0" });
    assert.equal(note(response, ROOT + path, method), response);
  }
});
