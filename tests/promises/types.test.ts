import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import OpenAI645 from "openai-6.45.0";
import OpenAI649 from "openai-6.49.0";
import OpenAI700 from "openai-7.0.0";
import { bedrock, type BedrockProviderOptions } from "../../aws.ts";
import { bedrock as keyBedrock, tokenProvider } from "../../mod.ts";
import { type BedrockClientOptions, BedrockOpenAI } from "../../openai.ts";
import { ACCEPTED, REFUSED } from "../support/option_combinations.ts";

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

test("the bindings of a Worker are accepted as env", () => {
  interface Env {
    AWS_REGION: string;
    KV: { get(key: string): Promise<string> };
  }
  const env: Env = { AWS_REGION: "eu-west-1", KV: { get: (key) => Promise.resolve(key) } };
  assert.match(bedrock({ env, apiKey: "key" }).url, /eu-west-1/);
});

test("tokenProvider() fits the options of bedrock() and BedrockOpenAI", () => {
  const options = {
    region: "us-west-2",
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "x",
    env: {},
  };
  const provided = tokenProvider(options);
  const { url } = keyBedrock({ region: "us-west-2", tokenProvider: provided, env: {} });
  const client: OpenAI = new BedrockOpenAI({
    awsRegion: "us-west-2",
    bedrockTokenProvider: provided,
    env: {},
  });
  assert.equal(client.baseURL, url);
});

test("BedrockOpenAI accepts the options of the client, except those that a provider excludes", () => {
  const options: BedrockClientOptions = {
    awsRegion: "us-west-2",
    apiKey: "key",
    timeout: 1,
    fetch: globalThis.fetch,
    env: {},
  };
  const client: BedrockOpenAI = new BedrockOpenAI(options).withOptions({ maxRetries: 1 });
  assert.equal(client.timeout, 1);
  // @ts-expect-error: the compiler refuses a provider beside the client's own
  assert.throws(() => new BedrockOpenAI({ ...options, provider: bedrock(OPTIONS) }), /provider/);
  // @ts-expect-error: and an admin key
  assert.throws(() => new BedrockOpenAI({ ...options, adminAPIKey: "key" }), /adminAPIKey/);
});

for (const [code, attempts] of Object.entries(REFUSED)) {
  test(`combinations that the compiler refuses fail with ${code} when they run`, async () => {
    for (const attempt of attempts) {
      await assert.rejects(
        async () => await attempt(),
        { name: "BedrockError", code },
        `${attempt}`,
      );
    }
  });
}

test("combinations that the compiler accepts are accepted when they run", async () => {
  for (const attempt of ACCEPTED) await attempt();
});
