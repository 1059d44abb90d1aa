import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import OpenAI from "openai";
import { EXAMPLE_BEARER_TOKEN } from "../../conformance/mantle/mod.ts";
import { bedrock, type BedrockProviderOptions, type Fetch } from "../../mod.ts";
import { SESSION_CREDENTIALS, withMantle } from "../support/local_mantle.ts";
import { forEverySdk } from "../support/sdk_versions.ts";
import { withVariables } from "../support/variables.ts";

const { secretAccessKey, sessionToken } = SESSION_CREDENTIALS;
const SECRETS = [EXAMPLE_BEARER_TOKEN, secretAccessKey, sessionToken];
const OPTIONS = { region: "us-west-2", endpoint: "mantle", env: {} } as const;

function assertNoSecret(shown: string): void {
  for (const secret of SECRETS) assert.ok(!shown.includes(secret), shown);
}

/** Everything that a program might print of a value. */
function everyView(value: object): string {
  const keys = Reflect.ownKeys(value).map((key) => inspect(Reflect.get(value, key), { depth: 9 }));
  const deep = inspect(value, { depth: 9, showHidden: true, getters: true });
  return [deep, JSON.stringify(value), String(value), ...keys].join("\n");
}

test("nothing that bedrock() returns shows a credential", () => {
  for (const auth of [{ apiKey: EXAMPLE_BEARER_TOKEN }, SESSION_CREDENTIALS]) {
    assertNoSecret(everyView(bedrock({ ...OPTIONS, ...auth })));
  }
});

test("headers that are sent do not show the secret key that signed them", async () => {
  const shown: string[] = [];
  const fetch: Fetch = async (_, init) => {
    shown.push(everyView(init?.headers as Headers));
    return Response.json({ output: [] });
  };
  const provider = bedrock({ ...OPTIONS, ...SESSION_CREDENTIALS });
  await new OpenAI({ provider, fetch }).responses.create({ model: "openai.gpt-5.4", input: "x" });
  assert.match(shown[0] ?? "", /AWS4-HMAC-SHA256/);
  assert.ok(!shown[0]?.includes(secretAccessKey), shown[0]);
});

test("bedrock() is frozen, and spreads to exactly the client options to set", () => {
  const whole = bedrock({ ...OPTIONS, apiKey: "key" });
  assert.deepEqual(Object.keys(whole), ["provider", "fetch"]);
  assert.ok(Object.isFrozen(whole) && Object.isFrozen(whole.provider));
  assert.equal(whole.url, "https://bedrock-mantle.us-west-2.api.aws/openai/v1");
});

test("what bedrock() takes and what it throws are plain to see", () => {
  const numbers = [{ idleTimeoutMs: 0 }, { idleTimeoutMs: 3e9 }, { bufferLimit: -1 }];
  const others = [null, "us-west-2", { env: null }, { env: "x" }, { fetch: {} }];
  for (const options of [...others, ...numbers, { unsignedPayload: "false" }]) {
    const call = () => bedrock(options as unknown as BedrockProviderOptions);
    assert.throws(call, { name: "BedrockError", code: "option_invalid" });
  }
});

const FOREIGN_VARIABLES = {
  OPENAI_API_KEY: "trace-key",
  OPENAI_ADMIN_KEY: "trace-admin",
  OPENAI_ORG_ID: "trace-organization",
  OPENAI_PROJECT_ID: "trace-project",
  OPENAI_BASE_URL: "https://trace.example/v1",
  OPENAI_WEBHOOK_SECRET: "trace-webhook",
  OPENAI_CUSTOM_HEADERS: "x-trace: trace-header",
};

forEverySdk(({ name, OpenAI }) => {
  test(`${name}: OPENAI_ variables leave no trace on the wire`, async () => {
    await withVariables(FOREIGN_VARIABLES, () =>
      withMantle(async ({ baseURL, received }) => {
        for (const auth of [{ apiKey: EXAMPLE_BEARER_TOKEN }, SESSION_CREDENTIALS]) {
          const whole = bedrock({ ...OPTIONS, ...auth, baseURL });
          for (const client of [new OpenAI({ provider: whole }), new OpenAI(whole)]) {
            await client.responses.create({ model: "openai.gpt-5.4", input: "x" });
          }
        }
        assert.equal(received.length, 4);
        for (const { url, headers } of received) {
          assert.doesNotMatch(JSON.stringify([url, ...headers]), /trace/);
        }
      }));
  });

  test(`${name}: neither the client, its debug log nor its errors show a credential`, async () => {
    const lines: unknown[][] = [];
    const write = (...line: unknown[]) => void lines.push(line);
    const logger = { error: write, warn: write, info: write, debug: write };
    await withMantle(async ({ baseURL }) => {
      for (const auth of [{ apiKey: EXAMPLE_BEARER_TOKEN }, SESSION_CREDENTIALS]) {
        const whole = bedrock({ ...OPTIONS, ...auth, baseURL });
        for (const options of [{ provider: whole }, whole]) {
          const client: OpenAI = new OpenAI({ ...options, logger, logLevel: "debug" });
          await client.responses.create({ model: "openai.gpt-5.4", input: "x" });
          const failure = await client.responses.retrieve("resp_none").catch((error) => error);
          assert.equal(failure.status, 404);
          assertNoSecret(inspect([client, failure], { depth: 6, showHidden: true }));
        }
      }
    });
    assert.ok(lines.length >= 16, "the debug log was written");
    assertNoSecret(inspect(lines, { depth: 9 }));
  });
});
