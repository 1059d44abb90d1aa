import assert from "node:assert/strict";
import fc from "fast-check";
import * as aws from "../../aws.ts";
import * as mod from "../../mod.ts";
import { withVariables } from "../support/variables.ts";
import { type Hostile, hostile, made } from "./hostile.ts";
import { valueOrRefusal } from "./outcome.ts";
import { property } from "./property.ts";
import { assertContained, recorder } from "./recorder.ts";
import { assertSilent, KEYS, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { everyView, quietly } from "./views.ts";

const anySecret = Object.values(SECRETS);

/** Texts that resemble the usual content of each variable. */
const NEAR: Readonly<Record<string, fc.Arbitrary<string>>> = {
  AWS_BEARER_TOKEN_BEDROCK: mutated(...anySecret),
  AWS_ACCESS_KEY_ID: mutated(KEYS.accessKeyId),
  AWS_SECRET_ACCESS_KEY: mutated(...anySecret),
  AWS_SESSION_TOKEN: mutated(...anySecret),
  AWS_REGION: mutated("us-west-2", "eu-central-1", ...anySecret),
  AWS_DEFAULT_REGION: mutated("us-west-2", ...anySecret),
  AWS_BEDROCK_BASE_URL: mutated(
    "https://gateway.example/v1",
    "http://localhost:8080/v1",
    `https://user:${SECRETS.password}@gateway.example/v1`,
    `https://gateway.example/v1?key=${SECRETS.password}`,
    ...anySecret,
  ),
  AWS_PROFILE: mutated("work", "default"),
  AWS_CONFIG_FILE: mutated("/no/such/config", "~/config"),
  AWS_SHARED_CREDENTIALS_FILE: mutated("/no/such/credentials", "~"),
  AWS_ROLE_ARN: mutated("arn:aws:iam::123456789012:role/Reader"),
  AWS_WEB_IDENTITY_TOKEN_FILE: mutated("/no/such/token"),
};

const NOWHERE = {
  HOME: "/no/such/home",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
};

const some = fc.record(NEAR, { requiredKeys: [] });
const strange = fc.dictionary(fc.constantFrom(...Object.keys(NEAR)), hostile, { maxKeys: 3 });
const entry = fc.constantFrom("/", "/aws");
const bedrocks = { "/": mod.bedrock, "/aws": aws.bedrock } as const;

/** Unsets every variable of this machine's own. */
function ownVariables(): Record<string, undefined> {
  const foreign = Object.keys(process.env).filter((name) =>
    /^(?:AWS_|HOME|USERPROFILE)/.test(name)
  );
  return Object.fromEntries(foreign.map((name) => [name, undefined]));
}

async function assertWorksOrRefuses(
  entry: "/" | "/aws",
  options: mod.BedrockProviderOptions,
): Promise<void> {
  const { sent, fetch } = recorder();
  await quietly(async () => {
    const way = await valueOrRefusal(() => bedrocks[entry]({ ...options, fetch }));
    if (!way) return;
    assertSilent(everyView(await way.explain()), "explain()");
    const response = await way.fetch(`${way.url}/models`);
    assertSilent(await response.text(), "the response");
    assertContained(sent, new URL(way.url).origin);
  });
}

/** Tells whether a process can hold a text in a variable. */
const isSettable = (value: string) => !value.includes("\0") && value.isWellFormed();

property(
  "variables of any text, from an object, lead to a request or a refusal",
  100,
  fc.tuple(some, entry),
  async ([variables, entry]) =>
    await withVariables(
      { ...ownVariables(), ...NOWHERE },
      () => assertWorksOrRefuses(entry, { env: { ...NOWHERE, ...variables } }),
    ),
);

property(
  "variables of any text, from the process, lead to a request or a refusal",
  60,
  fc.tuple(some, entry),
  async ([variables, entry]) => {
    const settable = Object.entries(variables).filter(([, value]) => isSettable(value ?? ""));
    const all = { ...ownVariables(), ...NOWHERE, ...Object.fromEntries(settable) };
    await withVariables(all, () => assertWorksOrRefuses(entry, {}));
  },
);

property(
  "variables of any type, and objects that only resemble variables, are used, ignored or refused",
  80,
  fc.tuple(fc.oneof(hostile, strange), some),
  async ([strange, some]) => {
    const env = typeof strange === "string"
      ? made(strange) as object
      : { ...some, ...mapped(strange) };
    await withVariables(
      { ...ownVariables(), ...NOWHERE },
      () => assertWorksOrRefuses("/", { env }),
    );
  },
);

property(
  "a variable that turns hostile after bedrock() leads to a response",
  60,
  fc.tuple(hostile, fc.constantFrom("AWS_BEARER_TOKEN_BEDROCK", "AWS_SECRET_ACCESS_KEY")),
  async ([name, variable]) => {
    const { sent, fetch } = recorder();
    const env: Record<string, unknown> = {
      AWS_REGION: "us-west-2",
      ...variable === "AWS_BEARER_TOKEN_BEDROCK" ? {} : { AWS_ACCESS_KEY_ID: KEYS.accessKeyId },
      [variable]: SECRETS.secretAccessKey,
    };
    const way = mod.bedrock({ env, fetch });
    Object.defineProperty(env, variable, {
      get() {
        const value = made(name);
        if (typeof value === "function") throw value;
        return value;
      },
    });
    const response = await way.fetch(`${way.url}/models`);
    assert.equal(response.ok, sent.length === 1);
    assertSilent(await response.text() + everyView(await way.explain()), "what is said");
  },
);

function mapped(values: Readonly<Record<string, Hostile>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, made(value)]));
}
