import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { bedrock, type BedrockProviderOptions, mintKey } from "../../mod.ts";
import { mintShortTermKey } from "../../src/keys/short_term.ts";
import { webDigest } from "../../src/platform/digest.ts";
import { rejects, SECRET } from "../support/refusal.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET };
const { key } = await mintKey({ ...KEYS, region: "us-east-1", env: {} });

/** The ways to give the same key. */
const WAYS: readonly BedrockProviderOptions[] = [
  { apiKey: key },
  { tokenProvider: () => key },
  { env: { AWS_BEARER_TOKEN_BEDROCK: key } },
];

/** Makes one call; returns the number of requests sent, or else the response. */
async function ask(options: BedrockProviderOptions): Promise<number | Response> {
  let sent = 0;
  const fetch = async () => (sent++, Response.json({}));
  const asked = bedrock({ env: {}, ...options, fetch });
  const response = await asked.fetch(`${asked.url}/models`);
  return sent || response;
}

test("a short-term key of another region is refused before it is sent", async () => {
  for (const way of WAYS) {
    const source = Object.keys(way.env ?? way)[0]!;
    const wanted = [source, "only valid in us-east-1", "in us-west-2"];
    await rejects(ask({ ...way, region: "us-west-2" }), "region_mismatch", ...wanted);
    const baseURL = "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1";
    await rejects(ask({ ...way, baseURL }), "region_mismatch", ...wanted);
  }
});

test("keys of the endpoint's own region or of no known region are sent", async () => {
  for (const way of WAYS) assert.equal(await ask({ ...way, region: "us-east-1" }), 1);
  for (const apiKey of ["bedrock-api-key-example", `ABSK${btoa("x:y")}`, "example-bearer-token"]) {
    assert.equal(await ask({ apiKey, region: "us-west-2" }), 1);
  }
});

test("on a custom host only the region option counts", async () => {
  const baseURL = "https://gateway.example/v1";
  await rejects(ask({ apiKey: key, baseURL, region: "us-west-2" }), "region_mismatch");
  assert.equal(await ask({ apiKey: key, baseURL }), 1);
  const env = { AWS_REGION: "us-west-2" };
  assert.equal(await ask({ apiKey: key, baseURL, env }), 1);
});

test("explain() shows when a short-term key expires, and reports another region as the problem", async () => {
  const own = await bedrock({ apiKey: key, region: "us-east-1", env: {} }).explain();
  assert.ok(own.ok && own.auth.expiration && own.auth.expiration.getTime() > Date.now());
  assert.equal(own.auth.region, "us-east-1");
  const foreign = await bedrock({ apiKey: key, region: "us-west-2", env: {} }).explain();
  assert.equal(foreign.ok, false);
  assert.equal(foreign.problem?.code, "region_mismatch");
  assert.ok(!inspect([own, foreign], { depth: 9 }).includes(key.slice(-40)));
});

test("an expired key is reported and still sent, as the clock may be wrong", async () => {
  const past = { expiresInSeconds: 60, now: Date.parse("2020-01-01T00:00:00Z"), digest: webDigest };
  const { key: apiKey, expiration } = await mintShortTermKey(KEYS, "us-east-1", past);
  const { ok, auth } = await bedrock({ apiKey, region: "us-east-1", env: {} }).explain();
  assert.deepEqual([ok, auth.expiration], [true, expiration]);
  assert.equal(await ask({ apiKey, region: "us-east-1" }), 1);
});
