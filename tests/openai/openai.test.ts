import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import OpenAI from "openai";
import { OpenAIRealtimeTranslationWS } from "openai/realtime/translations/ws";
import { ResponsesWS as BetaResponsesWS } from "openai/resources/beta/responses/ws";
import { ForksWS } from "openai/resources/live/forks/ws";
import { SidebandWS } from "openai/resources/live/sideband/ws";
import { LiveWS } from "openai/resources/live/ws";
import { EXAMPLE_BEARER_TOKEN } from "../../conformance/mantle/mod.ts";
import { mintKey } from "../../mod.ts";
import {
  type BedrockClientOptions,
  BedrockError,
  type BedrockErrorCode,
  BedrockOpenAI,
  fromEnvironment,
} from "../../openai.ts";
import { CLIENT_NAMES } from "../support/client_names.ts";
import { SESSION_CREDENTIALS, withMantle } from "../support/local_mantle.ts";
import { keySettings, onMachine, section, temporary } from "../support/machine.ts";
import { refuses, rejects, SECRET } from "../support/refusal.ts";
import { withVariables } from "../support/variables.ts";

const REGION = { awsRegion: "us-west-2", env: {} };
const KEYS = { awsAccessKeyId: "AKIDEXAMPLE", awsSecretAccessKey: SECRET };

/** Makes a client that keeps what it sends instead of sending it. */
function recorded(options: BedrockClientOptions) {
  const sent: { url: string; headers: Headers }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    sent.push({ url: String(input), headers: new Headers(init?.headers) });
    return Response.json({});
  };
  return { client: new BedrockOpenAI({ ...REGION, ...options, fetch }), sent };
}

/** Returns the identity of a request: a token, or an access key id with its session token. */
async function identity(options: BedrockClientOptions, changes: BedrockClientOptions = {}) {
  const { client, sent } = recorded(options);
  await client.withOptions(changes).models.list();
  const { headers } = sent[0]!;
  const authorization = headers.get("authorization")!;
  const [, id] = /Credential=([^/]+)/.exec(authorization) ?? [];
  return [id ?? authorization, headers.get("x-amz-security-token")].filter(Boolean).join(" ");
}

const credentials = (accessKeyId: string) => async () => ({ accessKeyId, secretAccessKey: SECRET });

test("each authentication option works as its counterpart in bedrock()", async () => {
  const session = { ...KEYS, awsSessionToken: "session" };
  assert.equal(await identity({ apiKey: "key" }), "Bearer key");
  assert.equal(await identity({ bedrockTokenProvider: () => "token" }), "Bearer token");
  assert.equal(await identity(KEYS), "AKIDEXAMPLE");
  assert.equal(await identity(session), "AKIDEXAMPLE session");
  assert.equal(await identity({ awsCredentialsProvider: credentials("AKIDB") }), "AKIDB");
});

test("awsProfile authenticates, and sets the region if nothing else does", async () => {
  await onMachine(async ({ write, variables }) => {
    const keys = temporary("work");
    await write(".aws/credentials", section("work", keySettings(keys)));
    await write(".aws/config", section("profile work", { region: "eu-west-1" }));
    await withVariables(variables(), async () => {
      const options = { awsProfile: "work", awsRegion: undefined, env: undefined };
      const { client, sent } = recorded(options);
      await client.models.list();
      assert.match(sent[0]!.url, /^https:\/\/bedrock-mantle\.eu-west-1\.api\.aws\//);
      assert.match(sent[0]!.headers.get("authorization")!, new RegExp(keys.accessKeyId));
    });
  });
});

test("without options the environment is used, as in bedrock()", async () => {
  const variables = { AWS_BEARER_TOKEN_BEDROCK: EXAMPLE_BEARER_TOKEN, OPENAI_API_KEY: SECRET };
  await withMantle(async ({ baseURL, received }) => {
    await withVariables({ ...variables, AWS_BEDROCK_BASE_URL: baseURL }, async () => {
      const client = new BedrockOpenAI();
      assert.equal(client.baseURL, baseURL);
      await client.responses.create({ model: "openai.gpt-5.4", input: "Say hello!" });
    });
    assert.deepEqual(received.map(({ auth }) => auth), ["bearer"]);
  });
});

test("all other options are passed to the client", async () => {
  const { client, sent } = recorded({
    apiKey: "key",
    timeout: 1234,
    maxRetries: 5,
    organization: "org",
    defaultHeaders: { "x-mine": "mine" },
    defaultQuery: { page: "1" },
  });
  assert.deepEqual([client.timeout, client.maxRetries], [1234, 5]);
  for (const each of [client, client.withOptions({ awsRegion: "eu-west-1" })]) {
    await each.models.list();
    const { url, headers } = sent.at(-1)!;
    assert.match(url, /\/models\?page=1$/);
    assert.deepEqual(["openai-organization", "x-mine"].map((name) => headers.get(name)), [
      "org",
      "mine",
    ]);
  }
  assert.deepEqual(sent.map(({ url }) => new URL(url).hostname.split(".")[1]), [
    "us-west-2",
    "eu-west-1",
  ]);
});

test("unsignedPayload allows a stream, also on a clone", async () => {
  const { client, sent } = recorded({ ...KEYS, unsignedPayload: true });
  for (const each of [client, client.withOptions({ awsRegion: "eu-west-1" })]) {
    await each.post("/files", { body: new Blob(["{}"]).stream() });
    assert.equal(sent.at(-1)!.headers.get("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
  }
  assert.equal(sent.length, 2);
});

test("routes, bufferLimit and idleTimeoutMs work as in bedrock()", async () => {
  const { client, sent } = recorded({ apiKey: "key", routes: [["example.*", "/v1"]] });
  await client.responses.create({ model: "example.model", input: "Say hello!" });
  assert.equal(new URL(sent[0]!.url).pathname, "/v1/responses");
  for (const name of ["routes", "bufferLimit", "idleTimeoutMs", "unsignedPayload"]) {
    refuses(() => recorded({ apiKey: "key", [name]: "no" }), "option_invalid", `\`${name}\``);
    refuses(() => client.withOptions({ [name]: "no" }), "option_invalid", `\`${name}\``);
  }
});

test("withOptions() replaces credentials as a whole", async () => {
  const session = { ...KEYS, awsSessionToken: "session" };
  const changed = { awsAccessKeyId: "AKIDNEW", awsSecretAccessKey: SECRET };
  assert.equal(await identity(session, changed), "AKIDNEW");
  assert.equal(await identity(session, { apiKey: "key" }), "Bearer key");
  assert.equal(await identity({ apiKey: "key" }, session), "AKIDEXAMPLE session");
  assert.equal(await identity({ apiKey: "key" }, { bedrockTokenProvider: () => "b" }), "Bearer b");
  const env = { AWS_BEARER_TOKEN_BEDROCK: "variable" };
  assert.equal(await identity({ ...session, env }, { apiKey: undefined }), "AKIDEXAMPLE session");
  assert.equal(await identity({ env, apiKey: "key" }, { env }), "Bearer key");
  const { client } = recorded(KEYS);
  const half = { awsSessionToken: "session" };
  // @ts-expect-error: the compiler refuses half a pair of keys
  refuses(() => client.withOptions(half), "credentials_incomplete", "`awsAccessKeyId`");
});

test("withOptions({ baseURL }) sends nothing of a client to another origin", async () => {
  const defaultHeaders = { "x-gateway-key": SECRET };
  const common = {
    endpoint: "mantle",
    defaultHeaders,
    fetchOptions: { cache: "no-store" },
  } as const;
  const baseURL = "https://other.example/v1";
  for (const auth of [{ apiKey: "key" }, KEYS, { env: { AWS_BEARER_TOKEN_BEDROCK: "key" } }]) {
    const { client, sent } = recorded({ ...common, ...auth });
    for (const more of [{}, { apiKey: null }]) {
      const change = () => client.withOptions({ baseURL, ...more });
      refuses(change, "origin_mismatch", "https://other.example");
    }
    await client.withOptions({ baseURL, apiKey: "other" }).models.list();
    await client.withOptions({ baseURL: `${client.baseURL}/` }).models.list();
    const shown = sent.map(({ headers }) => [
      headers.get("authorization") === "Bearer other",
      headers.get("x-gateway-key"),
    ]);
    assert.deepEqual(shown, [[true, null], [false, SECRET]]);
  }
});

test("withOptions() without Bedrock options keeps the same provider", async () => {
  let lookups = 0;
  const bedrockTokenProvider = () => `token${++lookups}`;
  const { client, sent } = recorded({ bedrockTokenProvider });
  const provider = (each: object) => (each as { _options: { provider: object } })._options.provider;
  const patient = client.withOptions({ timeout: 54_321 }).withOptions({ maxRetries: 9 });
  assert.equal(provider(patient), provider(client));
  assert.notEqual(provider(client.withOptions({ awsRegion: "eu-west-1" })), provider(client));
  await patient.models.list();
  assert.equal(sent[0]?.headers.get("authorization"), "Bearer token1");
  assert.deepEqual([patient.timeout, patient.maxRetries], [54_321, 9]);
});

test("withOptions() can replace fetch", async () => {
  const { client, sent } = recorded({ apiKey: "key" });
  let others = 0;
  const fetch = async () => (others++, Response.json({}));
  const other = client.withOptions({ fetch });
  await other.models.list();
  await other.withOptions({ timeout: 54_321 }).models.list();
  await other.withOptions({ apiKey: "other" }).models.list();
  assert.deepEqual([sent.length, others], [0, 3]);
});

test("a clone of a client whose baseURL was changed uses the same fetch", async () => {
  const { client, sent } = recorded({ apiKey: "key", defaultHeaders: { "x-mine": "mine" } });
  client.baseURL = "https://elsewhere.example/v1";
  await client.withOptions({ timeout: 1234, maxRetries: 0 }).models.list();
  assert.match(sent[0]!.url, /^https:\/\/bedrock-mantle\.us-west-2\.api\.aws\//);
  assert.equal(sent[0]!.headers.get("x-mine"), "mine");
});

test("a clone has the same class, also a subclass", () => {
  class Mine extends BedrockOpenAI {}
  const clone = new Mine({ ...REGION, apiKey: "key" }).withOptions({ awsRegion: "eu-west-1" });
  assert.ok(clone instanceof Mine && clone instanceof BedrockOpenAI && clone instanceof OpenAI);
});

test("errors use the option names of BedrockOpenAI", () => {
  const make = (options: object) => () => new BedrockOpenAI(options as BedrockClientOptions);
  refuses(make({ env: {}, apiKey: "key" }), "region_missing", "Pass `awsRegion`");
  refuses(make({ ...REGION, apiKey: "key", ...KEYS }), "auth_conflict", "`awsAccessKeyId`");
  refuses(make({ ...REGION, bedrockTokenProvider: 1 }), "option_invalid", "`bedrockTokenProvider`");
  refuses(make({ ...REGION, awsCredentialsProvider: 1 }), "option_invalid", "`awsCredentials");
  refuses(make({ ...REGION, awsProfile: "" }), "option_invalid", "`awsProfile`");
  refuses(make({ ...REGION, provider: {} }), "option_invalid", "`provider`");
  const conflict = make({ ...REGION, apiKey: "key", adminAPIKey: "admin" });
  assert.throws(conflict, /adminAPIKey/);
});

test("errors of requests use the option names of BedrockOpenAI", async () => {
  const { key } = await mintKey({
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: SECRET,
    region: "eu-west-1",
    env: {},
  });
  const fails = () => Promise.reject(new Error("mine"));
  const refusals: [BedrockClientOptions, BedrockErrorCode, ...string[]][] = [
    [{ apiKey: key }, "region_mismatch", "from `apiKey`", "set `awsRegion`"],
    [{ bedrockTokenProvider: () => key }, "region_mismatch", "from `bedrockTokenProvider`"],
    [{ bedrockTokenProvider: fails }, "credentials_failed", "`bedrockTokenProvider` failed"],
    [{ bedrockTokenProvider: () => " " }, "credentials_invalid", "from `bedrockTokenProvider`"],
    [{ awsCredentialsProvider: fails }, "credentials_failed", "`awsCredentialsProvider` failed"],
    [
      { awsCredentialsProvider: async () => ({ accessKeyId: "", secretAccessKey: SECRET }) },
      "credentials_invalid",
      "The `accessKeyId` from `awsCredentialsProvider`",
      "Pass `accessKeyId` and `secretAccessKey`",
    ],
  ];
  for (const [options, code, ...words] of refusals) {
    const { client, sent } = recorded(options);
    for (const each of [client, client.withOptions({ timeout: 1234 })]) {
      await rejects(each.models.list(), code, ...words);
      assert.equal(sent.length, 0);
    }
  }
});

test("the error of a failed refresh uses the option names of BedrockOpenAI", async () => {
  const message = "The security token included in the request is expired";
  const client = new BedrockOpenAI({
    ...REGION,
    awsCredentialsProvider: (properties) =>
      properties?.forceRefresh ? Promise.reject(new Error(SECRET)) : credentials("AKIDOLD")(),
    fetch: async () => Response.json({ error: { message } }, { status: 403 }),
    maxRetries: 0,
  });
  const error = await client.models.list().then(() => undefined, (error) => error);
  assert.ok(error instanceof OpenAI.APIError);
  assert.match(
    error.message,
    /Looking up the credentials again failed: `awsCredentialsProvider` failed\.$/,
  );
});

test("a BedrockError of a callback is kept, and any other error becomes the cause", async () => {
  const refusal = new BedrockError("region_missing", "Pass `region`");
  const refuser = recorded({ bedrockTokenProvider: () => Promise.reject(refusal) });
  await assert.rejects(refuser.client.models.list(), refusal);
  const cause = new Error("mine");
  const thrower = recorded({ awsCredentialsProvider: () => Promise.reject(cause) });
  await assert.rejects(thrower.client.models.list(), { code: "credentials_failed", cause });
});

test("a profile without credentials reports what was tried, in the names of BedrockOpenAI", async () => {
  await onMachine(async ({ variables }) => {
    await withVariables(variables(), async () => {
      const { client } = recorded({ awsProfile: "missing", env: undefined });
      const error = await client.models.list().then(() => undefined, (error) => error);
      assert.ok(error instanceof BedrockError);
      assert.deepEqual([error.code, error.tried?.length], ["credentials_failed", 1]);
      assert.ok(!error.message.includes("`bedrock()`"), error.message);
    });
  });
});

test("setting apiKey later is refused, and the error says what to do instead", async () => {
  const { client, sent } = recorded({ apiKey: "key" });
  for (const each of [client, client.withOptions({ timeout: 1234 })]) {
    const set = () => each.apiKey = SECRET;
    refuses(set, "option_invalid", "`client.withOptions({ apiKey })`", "`bedrockTokenProvider`");
    await each.withOptions({ apiKey: "other" }).models.list();
    assert.equal(sent.at(-1)!.headers.get("authorization"), "Bearer other");
  }
});

test("an option under its name in bedrock() is refused, and the error gives the name to use", () => {
  const { client } = recorded({ apiKey: "key" });
  for (const [theirs, ours] of Object.entries(CLIENT_NAMES)) {
    const options = { [theirs]: SECRET };
    const words = [`\`${theirs}\``, `\`${ours}\``];
    refuses(() => new BedrockOpenAI({ ...REGION, ...options }), "option_invalid", ...words);
    refuses(() => client.withOptions(options), "option_invalid", ...words);
  }
});

test("fromEnvironment() creates the client that OPENAI_API_TYPE names", async () => {
  const variables = {
    OPENAI_API_KEY: "sk-example",
    OPENAI_BASE_URL: undefined,
    AWS_BEARER_TOKEN_BEDROCK: "key",
    AWS_BEDROCK_BASE_URL: undefined,
    AWS_REGION: "us-west-2",
  };
  const made = (OPENAI_API_TYPE: string | undefined) =>
    withVariables({ ...variables, OPENAI_API_TYPE }, () => fromEnvironment({ maxRetries: 5 }));
  const bedrock = await made("amazon-bedrock");
  assert.ok(bedrock instanceof BedrockOpenAI);
  assert.match(bedrock.baseURL, /^https:\/\/bedrock-mantle\.us-west-2\./);
  for (const type of [undefined, "", "openai"]) {
    const plain = await made(type);
    assert.ok(!(plain instanceof BedrockOpenAI));
    assert.deepEqual([plain.apiKey, plain.baseURL], ["sk-example", "https://api.openai.com/v1"]);
    assert.equal(plain.maxRetries, 5);
  }
  assert.equal(bedrock.maxRetries, 5);
});

test("fromEnvironment() refuses settings that only look like Bedrock", async () => {
  const refused = (type: string | undefined, options: BedrockClientOptions, word: string) =>
    withVariables({ OPENAI_API_KEY: "sk-example", OPENAI_API_TYPE: type }, () => {
      refuses(() => fromEnvironment(options), "option_invalid", "OPENAI_API_TYPE", word);
    });
  for (const type of ["Amazon-Bedrock", "AMAZON_BEDROCK", "amazon bedrock", "amazonbedrock"]) {
    await refused(type, {}, `"${type}"`);
  }
  await refused(undefined, { awsRegion: "us-west-2" }, "`awsRegion`");
  await refused("openai", { bedrockTokenProvider: () => SECRET }, "`bedrockTokenProvider`");
  await refused(undefined, { unsignedPayload: true }, "`unsignedPayload`");
});

test("sockets of newer clients are refused as well", () => {
  const { client } = recorded({ apiKey: "key" });
  const attempts = [
    () => new LiveWS(client),
    () => new ForksWS(client, { session_id: "session", call_id: "call" } as never),
    () => new SidebandWS(client, { session_id: "session", call_id: "call" } as never),
    () => new BetaResponsesWS(client),
  ];
  for (const open of attempts) refuses(open, "sockets_unsupported", "`stream: true`");
});

test("sockets for translation are refused by the SDK itself", async () => {
  const { client } = recorded({ apiKey: "key" });
  const opened = OpenAIRealtimeTranslationWS.create(client, { model: "example.model" });
  await assert.rejects(opened, /require an ordinary OpenAI API-key client/);
});

test("no credential shows in a client", () => {
  const { secretAccessKey, sessionToken, accessKeyId } = SESSION_CREDENTIALS;
  const session = {
    awsAccessKeyId: accessKeyId,
    awsSecretAccessKey: secretAccessKey,
    awsSessionToken: sessionToken,
  };
  for (const auth of [{ apiKey: EXAMPLE_BEARER_TOKEN }, session]) {
    const { client } = recorded(auth);
    for (const each of [client, client.withOptions({ awsRegion: "eu-west-1" })]) {
      const shown = inspect(each, { depth: 6, showHidden: true, getters: true });
      for (const secret of [EXAMPLE_BEARER_TOKEN, secretAccessKey, sessionToken]) {
        assert.ok(!shown.includes(secret));
      }
    }
  }
});

test("BedrockOpenAI accepts inherited options, as bedrock() does, and refuses values that are no objects", () => {
  class Settings {
    get apiKey() {
      return "key";
    }
    get awsRegion() {
      return "eu-west-1";
    }
  }
  const client = new BedrockOpenAI(new Settings());
  assert.equal(client.baseURL, "https://bedrock-mantle.eu-west-1.api.aws/openai/v1");
  for (const nothing of ["us-west-2", 5, true]) {
    assert.throws(
      () => new BedrockOpenAI(nothing as unknown as object),
      /BedrockOpenAI takes an object of options/,
    );
  }
});
