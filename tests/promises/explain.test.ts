import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { bedrock as aws } from "../../aws.ts";
import { bedrock, type BedrockProviderOptions } from "../../mod.ts";
import { SECRET } from "../support/refusal.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET };
const KEY_VARIABLES = { AWS_ACCESS_KEY_ID: "AKIDVARIABLE", AWS_SECRET_ACCESS_KEY: SECRET };
const BEARER_VARIABLE = { AWS_BEARER_TOKEN_BEDROCK: SECRET };

const folder = mkdtempSync(join(tmpdir(), "explain-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const files = {
  AWS_CONFIG_FILE: join(folder, "config"),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
  AWS_EC2_METADATA_DISABLED: "true",
};
writeFileSync(files.AWS_CONFIG_FILE, "[profile work]\nregion = eu-west-1\n");
writeFileSync(
  files.AWS_SHARED_CREDENTIALS_FILE,
  `[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = ${SECRET}\n`,
);

const REGION = { region: "us-west-2" };

test("explain() reports the source of every setting, and looks up the credential", async () => {
  const expiration = new Date("2030-01-01T00:00:00Z");
  let lookups = 0;
  const credentialProvider = () => (lookups++, { ...KEYS, expiration });
  const { explain } = bedrock({
    credentialProvider,
    env: { AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: "https://gateway.example/v1" },
    endpoint: "runtime",
  });
  assert.equal(lookups, 0);
  assert.deepEqual(await explain(), {
    ok: true,
    endpoint: { value: "runtime", source: "`endpoint`" },
    region: { value: "us-west-2", source: "AWS_REGION" },
    baseURL: { value: "https://gateway.example/v1", source: "AWS_BEDROCK_BASE_URL" },
    auth: {
      mode: "sigv4",
      source: "credentialProvider",
      service: "bedrock",
      region: undefined,
      expiration,
    },
    skipped: [],
    problem: undefined,
  });
  assert.equal(lookups, 1);
});

test("explain() sends nothing", async () => {
  let sent = 0;
  const fetch = () => (sent++, Promise.reject(new Error("No network here")));
  for (const auth of [{ apiKey: "key" }, KEYS]) {
    const { ok } = await bedrock({ ...REGION, ...auth, fetch, env: {} }).explain();
    assert.ok(ok);
  }
  assert.equal(sent, 0);
});

/** Lists the settings that were skipped, in one line each. */
async function shadows(options: object, env: object, make: typeof bedrock = aws) {
  const { skipped } = await make({ ...REGION, ...options, env }).explain();
  return skipped.map(({ source, reason }) => `${source}: ${reason}`);
}

test("explain() names each variable that an option outranks", async () => {
  const env = { ...BEARER_VARIABLE, ...KEY_VARIABLES, ...files, AWS_PROFILE: "work" };
  for (const options of [{ apiKey: "key" }, KEYS, { profile: "work" }]) {
    const [option] = Object.keys(options);
    assert.deepEqual(await shadows(options, env), [
      `AWS_BEARER_TOKEN_BEDROCK: \`${option}\` is set`,
      `AWS_PROFILE: \`${option}\` is set`,
      `AWS_ACCESS_KEY_ID: \`${option}\` is set`,
    ]);
  }
});

test("explain() names each variable that another outranks", async () => {
  const env = { ...KEY_VARIABLES, ...files, AWS_PROFILE: "work" };
  assert.deepEqual(await shadows({}, { ...env, ...BEARER_VARIABLE }), [
    "AWS_PROFILE: AWS_BEARER_TOKEN_BEDROCK takes precedence",
    "AWS_ACCESS_KEY_ID: AWS_BEARER_TOKEN_BEDROCK takes precedence",
  ]);
  assert.deepEqual(await shadows({ apiKey: null }, { ...env, ...BEARER_VARIABLE }), [
    "AWS_BEARER_TOKEN_BEDROCK: `apiKey` is null",
    "AWS_ACCESS_KEY_ID: AWS_PROFILE takes precedence, as in the AWS SDK for JavaScript",
    "environment: the profile work is selected by AWS_PROFILE",
  ]);
  assert.deepEqual(await shadows({}, env, bedrock), [
    'AWS_PROFILE: profiles need "@mantle/bedrock/aws"',
  ]);
});

test("explain() names the source that AWS's chain took, and the region of its profile", async () => {
  const { auth, region, ok } = await aws({ env: { ...files, AWS_PROFILE: "work" } }).explain();
  assert.equal(auth.source, "profile work: static keys");
  assert.deepEqual(region, { value: "eu-west-1", source: "the AWS profile" });
  assert.ok(ok);
});

test("explain() says for each source why it has no credentials", async () => {
  const env = { ...files, AWS_ACCESS_KEY_ID: "AKIDHALF" };
  const { ok, problem, skipped } = await aws({ ...REGION, env }).explain();
  assert.equal(ok, false);
  assert.equal(problem?.code, "credentials_failed");
  assert.deepEqual(skipped, [
    { source: "AWS_ACCESS_KEY_ID", reason: "AWS_SECRET_ACCESS_KEY is not set" },
    {
      source: "environment",
      reason: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set",
    },
    { source: "profile default", reason: "there is no profile default in the AWS files" },
    {
      source: "web identity",
      reason: "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not both set",
    },
    {
      source: "container",
      reason: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI " +
        "are not set",
    },
    { source: "instance metadata", reason: "AWS_EC2_METADATA_DISABLED is set" },
  ]);
});

test("explain() reports a failing callback as a problem and does not fail", async () => {
  const tokenProvider = () => Promise.reject(new Error(SECRET));
  const { problem } = await bedrock({ ...REGION, tokenProvider, env: {} }).explain();
  assert.equal(problem?.code, "credentials_failed");
});

test("explain() shows no secret", async () => {
  const env = { ...BEARER_VARIABLE, ...KEY_VARIABLES, ...files, AWS_SESSION_TOKEN: SECRET };
  const ways: BedrockProviderOptions[] = [
    {},
    { apiKey: null },
    { apiKey: SECRET },
    KEYS,
    { tokenProvider: () => SECRET },
    { credentialProvider: () => ({ ...KEYS, sessionToken: SECRET }) },
    { credentialProvider: () => Promise.reject(new Error(SECRET)) },
    { tokenProvider: () => `${SECRET}\n` },
  ];
  for (const way of ways) {
    for (const AWS_PROFILE of [undefined, "work", "absent"]) {
      const told = await aws({ ...REGION, ...way, env: { ...env, AWS_PROFILE } }).explain();
      assert.ok(!inspect(told, { depth: 9, showHidden: true }).includes(SECRET));
    }
  }
});
