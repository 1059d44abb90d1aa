import assert from "node:assert/strict";
import { test } from "node:test";
import { mantle } from "../../conformance/mantle/mod.ts";
import { withMantle, withMantleAs } from "../support/local_mantle.ts";
import { awsClient, BEARER, GPT, OSS } from "../support/mantle_clients.ts";

const PROFILE = "us.openai.gpt-5.6-sol";

test("an invalid request is refused with a message", async () => {
  await withMantle(async ({ origin }) => {
    const post = async (body: string, path = "/openai/v1/responses") => {
      const response = await fetch(origin + path, { method: "POST", headers: BEARER, body });
      return [response.status, (await response.json()).error.message];
    };
    const [status, message] = await post("{oops");
    assert.equal(status, 400);
    assert.match(message, /^Failed to deserialize the JSON body into the target type: /);
    assert.match((await post("[]"))[1], /^Failed to deserialize the JSON body/);
    const next = JSON.stringify({ input: "Hi", previous_response_id: "resp_x" });
    assert.deepEqual(await post(next), [400, "Missing required parameter: 'model'."]);
    assert.match((await post(JSON.stringify({ model: GPT, input: 7 })))[1], /Invalid 'input'/);
    const chat = JSON.stringify({ model: GPT, messages: 7 });
    assert.match((await post(chat, "/openai/v1/chat/completions"))[1], /Invalid 'messages'/);
    assert.equal((await post("no form", "/v1/files"))[0], 400);
  });
});

test("an unknown route is a 404 without a body", async () => {
  await withMantle(async ({ origin }) => {
    for (
      const path of ["/v1/batches", "/openai/v1/models", "/openai/v1/files", "/", "/v1/responses"]
    ) {
      const response = await fetch(origin + path, { headers: BEARER });
      assert.deepEqual([response.status, await response.text()], [404, ""], path);
    }
  });
});

test("runtime serves inference profiles under /openai/v1 and nothing on other paths", async () => {
  await withMantleAs({ endpoint: "runtime" }, async ({ baseURL, origin }) => {
    const openai = awsClient(baseURL, "runtime");
    const response = await openai.responses.create({ model: PROFILE, input: "Hi" });
    assert.equal(response.output_text, 'Hello! You said: "Hi"');
    const messages = [{ role: "user" as const, content: "Hi" }];
    const chat = await openai.chat.completions.create({ model: `${OSS}-1:0`, messages });
    assert.equal(chat.choices[0]?.message.content, 'Hello! You said: "Hi"');
    const create = (model: string) => openai.responses.create({ model, input: "Hi" });
    await assert.rejects(create(`${OSS}-1:0`), { status: 404 });
    await assert.rejects(create("no.such"), { status: 404 });
    await assert.rejects(create(GPT), { status: 400, message: /model identifier is invalid$/ });
    await assert.rejects(create("openai.gpt-5.6-sol"), {
      status: 400,
      message: /inference profile/,
    });
    const native = await fetch(`${origin}/v1/responses`, { method: "POST", headers: BEARER });
    assert.equal(native.status, 200);
    assert.match(await native.text(), /UnknownOperationException/);
  });
});

test("a browser's preflight needs no credentials", async () => {
  const response = await mantle()(
    new Request("http://localhost/openai/v1/responses", {
      method: "OPTIONS",
      headers: { "access-control-request-headers": "authorization" },
    }),
  );
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("access-control-allow-headers"), "authorization");
});
