import assert from "node:assert/strict";
import { test } from "node:test";
import { bedrock, type BedrockProviderOptions } from "../../mod.ts";

const OPTIONS = { region: "us-west-2", endpoint: "mantle", env: {} } as const;

test("the result of bedrock() is frozen, and spreads to exactly two client options", () => {
  const whole = bedrock({ ...OPTIONS, apiKey: "key" });
  assert.deepEqual(Object.keys(whole), ["provider", "fetch"]);
  assert.ok(Object.isFrozen(whole) && Object.isFrozen(whole.provider));
  assert.equal(whole.url, "https://bedrock-mantle.us-west-2.api.aws/openai/v1");
});

test("invalid options are refused with option_invalid", () => {
  const numbers = [{ idleTimeoutMs: 0 }, { idleTimeoutMs: 3e9 }, { bufferLimit: -1 }];
  const others = [null, "us-west-2", { env: null }, { env: "x" }, { fetch: {} }];
  for (const options of [...others, ...numbers, { unsignedPayload: "false" }]) {
    const call = () => bedrock(options as unknown as BedrockProviderOptions);
    assert.throws(call, { name: "BedrockError", code: "option_invalid" });
  }
});
