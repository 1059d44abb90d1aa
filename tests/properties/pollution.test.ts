import assert from "node:assert/strict";
import fc from "fast-check";
import OpenAI from "openai";
import * as mod from "../../mod.ts";
import { BedrockOpenAI } from "../../openai.ts";
import { withVariables } from "../support/variables.ts";
import { outcomeOf } from "./outcome.ts";
import {
  EVIL,
  NAMES,
  region,
  RESPONSES,
  type Scenario,
  SCENARIOS,
  token,
  withPolluted,
} from "./pollution.ts";
import { property } from "./property.ts";
import { quietly } from "./views.ts";

/** Values that a careless merge of JSON can leave on `Object.prototype`. */
const VALUES: readonly unknown[] = [EVIL, true, {
  mode: "bearer",
  token: "evil",
  value: EVIL,
  authorization: "Bearer evil",
  accessKeyId: "AKIDEVIL",
  secretAccessKey: "evil",
}];

/** Creates a `fetch` that records requests, without the parts that depend on the time. */
function recordInto(sent: string[], respond: () => Response, isSdk: boolean): mod.Fetch {
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const url = request?.url ?? `${input}`;
    const headers = [...new Headers(init?.headers ?? request?.headers)].map(([name, value]) => [
      name,
      name === "x-amz-date" ? "date" : value.replace(/(?<=\/)\d{8}\/|Signature=\w+/g, ""),
    ]);
    const { method = request?.method, body } = {
      __proto__: null,
      ...init,
    } as object as RequestInit;
    // The client reads its own options of the prototype: what counts is where it sends, and as whom
    const seen = isSdk
      ? [new URL(url).origin, new Headers(init?.headers).get("authorization")]
      : [url, method, headers, `${body}`];
    sent.push(JSON.stringify(seen));
    return respond();
  };
}

const SDK_SCENARIOS: Readonly<Record<string, Scenario>> = {
  "the OpenAI client": async (fetch) => {
    const client = new OpenAI({ ...mod.bedrock({ ...token, fetch }), maxRetries: 0 });
    await client.responses.create({ model: "openai.gpt-oss-20b", input: "x" });
  },
  "BedrockOpenAI": async (fetch) => {
    const client = new BedrockOpenAI({ awsRegion: region, env: {}, fetch, apiKey: "token" });
    await client.withOptions({ maxRetries: 0 }).models.list();
  },
};

/** Runs a scenario, with a name polluted if one is given. */
async function outcome(scenario: string, status: string, name?: string, polluted?: unknown) {
  const sent: string[] = [];
  const sdk = SDK_SCENARIOS[scenario];
  const fetch = recordInto(sent, RESPONSES[status]!, sdk !== undefined);
  const variables = {
    AWS_REGION: region,
    AWS_BEARER_TOKEN_BEDROCK: "token",
    AWS_PROFILE: undefined,
  };
  const end = await quietly(() =>
    withVariables(
      variables,
      () =>
        withPolluted(name, polluted, () => outcomeOf(() => (sdk ?? SCENARIOS[scenario]!)(fetch))),
    )
  );
  const value = "value" in end ? end.value : undefined;
  return { sent, value: value instanceof Response ? value.status : value };
}

property(
  "no property on Object.prototype changes the target, the identity or the content of a request",
  4_000,
  fc.tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(...VALUES.keys()),
    fc.constantFrom(...Object.keys(SCENARIOS), ...Object.keys(SDK_SCENARIOS)),
    fc.constantFrom(...Object.keys(RESPONSES)),
  ),
  async ([name, value, scenario, status]) => {
    const expected = await outcome(scenario, status);
    const found = await outcome(scenario, status, name, VALUES[value]);
    // Some names, such as `get`, keep the platform itself from working
    assert.deepEqual(found.sent, expected.sent.slice(0, found.sent.length));
    if (found.value !== undefined) assert.deepEqual(found.value, expected.value);
  },
  2_000,
);
