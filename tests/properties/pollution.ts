import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import OpenAI from "openai";
import * as aws from "../../aws.ts";
import * as mod from "../../mod.ts";
import { BedrockOpenAI } from "../../openai.ts";
import { withVariables } from "../support/variables.ts";
import { outcomeOf } from "./outcome.ts";
import { type Property, property } from "./property.ts";
import { quietly } from "./views.ts";

const EVIL = "https://evil.example/v1";

/** What a careless merge of JSON can leave on `Object.prototype`. */
const VALUES: readonly unknown[] = [EVIL, true, {
  mode: "bearer",
  token: "evil",
  value: EVIL,
  authorization: "Bearer evil",
  accessKeyId: "AKIDEVIL",
  secretAccessKey: "evil",
}];

/** What was sent, without what depends on the time: a signature and its day. */
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

const region = "us-west-2";
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret/key" };
const token = { region, env: {}, apiKey: "token" };
const question = { method: "POST", body: '{"model":"openai.gpt-5.4","input":"x"}' };
const post = (way: mod.Bedrock) => way.fetch(`${way.url}/responses`, question);

type Scenario = (fetch: mod.Fetch) => Promise<unknown>;

/** Made beforehand: what the platform reads of prototypes when it makes one is its own affair. */
const REQUEST = new Request("https://bedrock-mantle.us-west-2.api.aws/openai/v1/models");

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "a token": (fetch) => post(mod.bedrock({ ...token, fetch })),
  "keys": (fetch) => post(mod.bedrock({ region, env: {}, fetch, ...keys })),
  "a Request and an empty init": async (fetch) => {
    const way = mod.bedrock({ region, env: {}, fetch, ...keys });
    return await way.fetch(REQUEST, {});
  },
  "a token callback": (fetch) =>
    post(mod.bedrock({ region, env: {}, fetch, tokenProvider: () => "token" })),
  "a credential callback": (fetch) =>
    post(mod.bedrock({ region, env: {}, fetch, credentialProvider: () => ({ ...keys }) })),
  "a token of an env": (fetch) =>
    post(mod.bedrock({ env: { AWS_REGION: region, AWS_BEARER_TOKEN_BEDROCK: "token" }, fetch })),
  "keys of an env": (fetch) => {
    const env = { AWS_REGION: region, AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "key" };
    return post(mod.bedrock({ env, fetch }));
  },
  "variables of the process": (fetch) => post(mod.bedrock({ fetch })),
  "the AWS chain": (fetch) => {
    const env = { HOME: "/no/such/home", AWS_EC2_METADATA_DISABLED: "true" };
    return post(aws.bedrock({ region, fetch, env, apiKey: null }));
  },
  "minting": async () => {
    const { key, ...rest } = await mod.mintKey({ region, env: {}, ...keys, expiresInSeconds: 900 });
    return [mod.decodeKey(key)?.region, rest.region];
  },
};

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

/** What the service responds: some lead to a retry, others to an explanation. */
export const RESPONSES: Readonly<Record<string, () => Response>> = {
  200: () => Response.json({ id: "resp_1", object: "response", output: [] }),
  401: () => {
    const message = "The security token included in the request is expired";
    return new Response(JSON.stringify({ error: { message } }), { status: 401 });
  },
  400: () => new Response("{}", { status: 400 }),
  403: () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const body = '{"__type":"x#RequestTimeTooSkewed","message":"Signature expired: x"}';
    return new Response(body, { status: 403, headers: { date, "x-amzn-requestid": "id" } });
  },
  502: () => new Response("<html>", { status: 502, headers: { "x-amzn-requestid": "id" } }),
  307: () => new Response(null, { status: 307, headers: { location: EVIL } }),
};

/** Properties begin in lower case, and variables are in capitals. */
function namesIn(source: string): string[] {
  const code = source.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  return code.match(/\b(?:[a-z]\w*|AWS_[A-Z_]+|HOME\w*|Deno|[A-Z]\w+Id)\b/g) ?? [];
}

function namesInSources(folder = new URL("../../src/", import.meta.url)): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = new URL(entry.isDirectory() ? `${entry.name}/` : entry.name, folder);
    return entry.isDirectory() ? namesInSources(path) : namesIn(readFileSync(path, "utf8"));
  });
}

/** The names that the sources use and that `Object.prototype` does not have. */
export const NAMES = [...new Set(namesInSources())].filter((name) => !(name in Object.prototype));

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

/** Runs with a property on the prototype of all objects. */
export async function withPolluted<T>(
  name: string | undefined,
  value: unknown,
  run: () => Promise<T>,
): Promise<T> {
  if (name === undefined) return await run();
  const root = Object.prototype as unknown as Record<string, unknown>;
  const descriptor = { configurable: true, enumerable: true, writable: true, value };
  Object.defineProperty(root, name, { __proto__: null, ...descriptor } as PropertyDescriptor);
  try {
    return await run();
  } finally {
    delete root[name];
  }
}

export const properties: readonly Property[] = [
  property(
    "no name on Object.prototype changes where a request goes, as whom, or with what",
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
  ),
];
