import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import OpenAI645 from "openai-6.45.0";
import OpenAI649 from "openai-6.49.0";
import OpenAI700 from "openai-7.0.0";
import { bedrock, type BedrockProviderOptions } from "../aws.ts";

const OPTIONS: BedrockProviderOptions = { region: "us-west-2", apiKey: "key", env: {} };

/** Checked by the compiler; running them shows that the values fit as well. */
test("provider: and whole type-check and work with the client of every version", () => {
  const clients = [
    new OpenAI({ provider: bedrock(OPTIONS) }),
    new OpenAI645({ provider: bedrock(OPTIONS) }),
    new OpenAI649({ provider: bedrock(OPTIONS) }),
    new OpenAI700({ provider: bedrock(OPTIONS) }),
    new OpenAI(bedrock(OPTIONS)),
    new OpenAI645(bedrock(OPTIONS)),
    new OpenAI649(bedrock(OPTIONS)),
    new OpenAI700(bedrock(OPTIONS)),
  ];
  const provider = bedrock(OPTIONS);
  for (const { baseURL } of [...clients, new OpenAI({ provider }), new OpenAI(provider)]) {
    assert.equal(baseURL, provider.url);
  }
});

test("an interface of bindings, as Workers have, serves as env", () => {
  interface Env {
    AWS_REGION: string;
    KV: { get(key: string): Promise<string> };
  }
  const env: Env = { AWS_REGION: "eu-west-1", KV: { get: (key) => Promise.resolve(key) } };
  assert.match(bedrock({ env, apiKey: "key" }).url, /eu-west-1/);
});
