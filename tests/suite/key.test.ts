import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import OpenAI from "openai";
import { describeKey } from "../../cli/key.ts";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { bedrock, decodeKey } from "../../mod.ts";
import { CLI, NO_AWS, runCommand } from "../support/command.ts";
import { bareEnvironment, RUN_FLAGS } from "../support/fresh_process.ts";
import { withMantleAs } from "../support/local_mantle.ts";
import { keySettings, keyVariables, onMachine, section, temporary } from "../support/machine.ts";
import { SECRET } from "../support/refusal.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: SECRET };
const HERE = { ...KEYS, AWS_REGION: "us-west-2" };

/** Runs the command, which must not print the secret. */
async function key(args: string[], env?: Record<string, string>) {
  const ran = await runCommand(["key", ...args], env);
  assert.ok(!(ran.stdout + ran.stderr).includes(SECRET));
  return ran;
}

test("key prints a shell command, and on stderr where and how long the key is valid", async () => {
  const { code, stdout, stderr } = await key([], { ...HERE, AWS_BEARER_TOKEN_BEDROCK: SECRET });
  assert.equal(code, 0);
  const [, minted = ""] = /^export AWS_BEARER_TOKEN_BEDROCK=(bedrock-api-key-[A-Za-z0-9+/=]+)\n$/
    .exec(stdout) ?? [];
  const { kind, region, expiration } = decodeKey(minted) ?? {};
  assert.deepEqual([kind, region], ["short-term", "us-west-2"]);
  assert.ok(stderr.includes("only valid in us-west-2"), stderr);
  assert.ok(stderr.includes(expiration!.toISOString()), stderr);
  assert.ok(!stderr.includes("bedrock-api-key-"));
});

test("key --plain prints only the key, which authenticates a client", async () => {
  const env = { ...keyVariables(EXAMPLE_CREDENTIALS), AWS_REGION: "us-west-2" };
  const { stdout } = await key(["--plain", "--seconds", "900"], env);
  const apiKey = stdout.trimEnd();
  await withMantleAs({ bearerTokens: [] }, async ({ baseURL }) => {
    const { url, fetch } = bedrock({ baseURL, region: "us-west-2", apiKey, env: {} });
    const body = JSON.stringify({ model: "openai.gpt-5.4", input: "Say hello!" });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/responses`, { method: "POST", headers, body });
    assert.equal(response.status, 200);
  });
});

test("a shell that evaluates the output of key has what doctor and the OpenAI client need", async () => {
  await withMantleAs({ bearerTokens: [] }, async ({ baseURL, received }) => {
    const cli = [process.execPath, ...RUN_FLAGS, CLI].map((word) => `'${word}'`).join(" ");
    const line = `eval "$(${cli} key --hours 1)" && ${cli} doctor && ` +
      'printf %s "$AWS_BEARER_TOKEN_BEDROCK"';
    const here = { AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL };
    const env = { ...bareEnvironment(), ...NO_AWS, ...keyVariables(EXAMPLE_CREDENTIALS), ...here };
    const { stdout } = await promisify(execFile)("sh", ["-c", line], { env, timeout: 60_000 });
    assert.match(
      stdout,
      /^auth {2,}bearer, short-term key for us-west-2 {2,}AWS_BEARER_TOKEN_BED/m,
    );
    assert.match(stdout, /^expires .* in 1 hour$/m);
    const AWS_BEARER_TOKEN_BEDROCK = stdout.slice(stdout.lastIndexOf("\n") + 1);
    const provider = bedrock({ env: { ...env, AWS_BEARER_TOKEN_BEDROCK } });
    await new OpenAI({ provider }).responses.create({ model: "openai.gpt-5.4", input: "Hi" });
    assert.deepEqual(received.map(({ auth }) => auth), ["bearer"]);
  });
});

test("key --json prints a key from a profile, in its region, as JSON", async () => {
  await onMachine(async ({ write, home }) => {
    const settings = keySettings(temporary("work"));
    const AWS_CONFIG_FILE = await write("config", section("profile work", { region: "eu-west-1" }));
    const AWS_SHARED_CREDENTIALS_FILE = await write("keys", section("work", settings));
    const env = { HOME: home, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE };
    const { code, stdout } = await key(["--json", "--profile", "work", "--hours", "0.5"], env);
    assert.equal(code, 0);
    const printed = JSON.parse(stdout);
    assert.deepEqual(Object.keys(printed), ["key", "region", "expiration"]);
    assert.equal(printed.region, "eu-west-1");
    const life = Date.parse(printed.expiration) - Date.now();
    assert.ok(life > 25 * 60_000 && life <= 30 * 60_000, `${life}`);
  });
});

test("the description says when a key expires early, with its credentials", () => {
  const now = Date.parse("2030-01-01T00:00:00Z");
  const ends = (minutes: number) => ({
    region: "us-west-2",
    expiration: new Date(now + minutes * 60_000),
  });
  assert.match(describeKey(ends(720), now), /expires in 12 hours, at 2030-01-01T12:00:00\.000Z\.$/);
  assert.match(
    describeKey(ends(61), now),
    /in 1 hour and 1 minute, .*, with the AWS credentials behind it\.$/,
  );
  assert.match(describeKey(ends(0.4), now, 24), /expires in less than a minute, .*Z\.$/);
  assert.match(describeKey(ends(60), now + 900, 3600), /Z\.$/);
});

test("key exits with 1 if nothing can be minted, and prints nothing on stdout", async () => {
  for (
    const [env, words] of [
      [{ AWS_REGION: "us-west-2" }, /there is no profile default.*\(credentials_failed\)/],
      [KEYS, /No AWS region was found.*\(region_missing\)/],
    ] as const
  ) {
    const { code, stdout, stderr } = await key([], env);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /is unchanged/);
  }
});

test("key says that a bearer token in a variable stays set, and cannot mint keys", async () => {
  const env = { AWS_REGION: "us-west-2", AWS_BEARER_TOKEN_BEDROCK: SECRET };
  const { code, stderr } = await key([], env);
  assert.equal(code, 1);
  assert.match(stderr, /\nAWS_BEARER_TOKEN_BEDROCK is unchanged\. It is an API key/);
});

test("key exits with 2 and its usage on wrong arguments", async () => {
  for (
    const args of [
      ["--regoin", "us-west-2"],
      ["--hours", "13"],
      ["--hours", "soon"],
      ["--seconds", "0"],
      ["--hours", "1", "--seconds", "60"],
      ["--plain", "--json"],
    ]
  ) {
    const { code, stdout, stderr } = await key(args, HERE);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, /Usage: cli\.ts key/);
  }
});
