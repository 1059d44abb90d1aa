import assert from "node:assert/strict";
import fc from "fast-check";
import * as aws from "../../aws.ts";
import * as mod from "../../mod.ts";
import { BedrockOpenAI } from "../../openai.ts";
import { CLIENT_NAMES } from "../support/client_names.ts";
import { type Hostile, hostile, made } from "./hostile.ts";
import { assertOurs, outcomeOf, valueOrRefusal } from "./outcome.ts";
import { property } from "./property.ts";
import { assertContained, recorder } from "./recorder.ts";
import { assertSilent, KEYS, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { everyView, quietly } from "./views.ts";

/** The value of an option. */
type Value = { readonly text: string } | { readonly hostile: Hostile };

const anySecret = Object.values(SECRETS);
const text = (...valid: string[]) => mutated(...valid).map((text) => ({ text }));
const REGIONS = ["us-west-2", "us-gov-west-1", "cn-north-1", "us-iso-east-1", "eusc-de-east-1"];

/** Texts that come near to what each option takes, and secrets in the wrong place. */
const NEAR: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  endpoint: text("mantle", "runtime", ...anySecret),
  region: text(...REGIONS, ...anySecret),
  baseURL: text(
    "https://gateway.example/v1",
    "https://bedrock-mantle.us-west-2.api.aws/openai/v1",
    "http://127.0.0.1:8080/v1",
    `https://user:${SECRETS.password}@gateway.example/v1`,
    `https://gateway.example/v1?token=${SECRETS.password}`,
    `https://gateway.example/v1#${SECRETS.password}`,
    ...anySecret,
  ),
  allowInsecureHttp: text("true"),
  apiKey: text(...anySecret),
  tokenProvider: text(...anySecret),
  accessKeyId: text(KEYS.accessKeyId),
  secretAccessKey: text(...anySecret),
  sessionToken: text(...anySecret),
  credentialProvider: text(...anySecret),
  profile: text("work", "default"),
  routes: text("/v1"),
  bufferLimit: text("1024"),
  unsignedPayload: text("true"),
  idleTimeoutMs: text("1000"),
  expiresInSeconds: text("900"),
};

/** Ways to authenticate that work, each by itself. */
const WAYS: Readonly<Record<string, object>> = {
  token: { apiKey: SECRETS.apiKey },
  keys: KEYS,
  tokenProvider: { tokenProvider: () => SECRETS.apiKey },
  credentialProvider: { credentialProvider: async () => KEYS },
  none: {},
};

/** Variables that lead nowhere. */
const env = { HOME: "/no/such/home", AWS_EC2_METADATA_DISABLED: "true" };

const value = (name: string) =>
  fc.oneof(NEAR[name]!, hostile.map((hostile): Value => ({ hostile })));
const change = fc.constantFrom(...Object.keys(NEAR))
  .chain((name) => fc.tuple(fc.constant(name), value(name)));
const configuration = fc.record({
  way: fc.constantFrom(...Object.keys(WAYS)),
  changes: fc.array(change, { maxLength: 3 }),
  reading: fc.option(fc.record({
    name: fc.constantFrom("region", "endpoint", "apiKey", "env", "fetch", "routes", "baseURL"),
    how: fc.constantFrom("throws", "throws the second time", "is hostile the second time"),
    hostile,
  })),
});

/** Options as a configuration describes them. */
function optionsOf(
  { way, changes, reading }: typeof configuration extends fc.Arbitrary<infer T> ? T : never,
  common: object,
): Record<string, unknown> {
  const options: Record<string, unknown> = { region: "us-west-2", env, ...common, ...WAYS[way] };
  for (const [name, value] of changes) {
    options[name] = "text" in value ? value.text : made(value.hostile);
  }
  if (!reading) return options;
  const { name, how } = reading;
  const first = options[name];
  let reads = 0;
  return Object.defineProperty(options, name, {
    enumerable: true,
    get() {
      if (++reads > 1 && how === "is hostile the second time") return made(reading.hostile);
      if (how === "throws" || reads > 1) throw new Error("no");
      return first;
    },
  });
}

/** Asserts what must hold of anything that `bedrock()` returns. */
async function assertSound(
  way: aws.Bedrock,
  sent: ReturnType<typeof recorder>["sent"],
): Promise<void> {
  const { origin, host } = new URL(way.url);
  assert.doesNotMatch(host, /[\s\\@#?]/);
  await quietly(async () => {
    const response = await way.fetch(`${way.url}/responses`, { method: "POST", body: "{}" });
    assertSilent(await response.text(), "the response");
    await way.fetch("https://evil.example/v1/responses").then(async (response) => {
      assert.equal((await response.json()).error.code, "origin_mismatch");
    });
    assertSilent(everyView(await way.explain()), "explain()");
  });
  assertContained(sent, origin);
}

const bedrocks = { "/": mod.bedrock, "/aws": aws.bedrock } as const;

property(
  "bedrock() works or refuses any options",
  150,
  fc.tuple(configuration, fc.constantFrom("/", "/aws")),
  async ([configuration, entry]) => {
    const { sent, fetch } = recorder();
    const options = optionsOf(configuration, { fetch });
    const way = await quietly(() => valueOrRefusal(() => bedrocks[entry](options)));
    if (way) await assertSound(way, sent);
  },
);

property(
  "bedrock(), mintKey() and tokenProvider() refuse values that are no options",
  30,
  hostile,
  async (name) => {
    const entries: ((options: never) => unknown)[] = [
      mod.bedrock,
      mod.mintKey,
      mod.tokenProvider,
      aws.mintKey,
      aws.tokenProvider,
    ];
    for (const entry of entries) {
      const outcome = await outcomeOf(() => entry(made(name) as never));
      if ("thrown" in outcome) assertOurs(outcome.thrown);
      else assert.fail(`accepted ${name}`);
    }
  },
);

property("mintKey() mints or refuses any options", 80, configuration, async (made) => {
  const outcome = await quietly(() => outcomeOf(() => mod.mintKey(optionsOf(made, {}) as never)));
  if ("thrown" in outcome) return assertOurs(outcome.thrown);
  const { key, region, expiration } = outcome.value;
  assert.deepEqual(mod.decodeKey(key), { kind: "short-term", region, expiration });
});

property(
  "BedrockOpenAI works or refuses any options for Bedrock",
  25,
  configuration,
  async (configuration) => {
    const { sent, fetch } = recorder();
    const changed = optionsOf({ ...configuration, reading: null }, {});
    const options = Object.fromEntries(
      Object.entries(changed).map(([name, value]) => [CLIENT_NAMES[name] ?? name, value]),
    );
    await quietly(async () => {
      const client = await valueOrRefusal(() =>
        new BedrockOpenAI({ ...options, fetch, maxRetries: 0 })
      );
      if (!client) return;
      const outcome = await outcomeOf(async () => await client.models.list());
      assertSilent(everyView("thrown" in outcome ? outcome.thrown : outcome.value), "the client");
      assertContained(sent, new URL(client.baseURL).origin);
    });
  },
);
