import { readdirSync, readFileSync } from "node:fs";
import * as aws from "../../aws.ts";
import * as mod from "../../mod.ts";

export const EVIL = "https://evil.example/v1";

export const region = "us-west-2";
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret/key" };
export const token = { region, env: {}, apiKey: "token" };
const question = { method: "POST", body: '{"model":"openai.gpt-5.4","input":"x"}' };
const post = (way: mod.Bedrock) => way.fetch(`${way.url}/responses`, question);

export type Scenario = (fetch: mod.Fetch) => Promise<unknown>;

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

/** Responses of the service: some lead to a retry, others to an explanation. */
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
