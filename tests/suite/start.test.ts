import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SECRETS } from "../properties/secrets.ts";
import { runFresh } from "../support/fresh_process.ts";
import { withServer } from "../support/local_mantle.ts";

const START = fileURLToPath(new URL("../../tools/start.ts", import.meta.url));

/** Each of these would break a call that took notice of it. */
const USER = {
  AWS_PROFILE: "absent",
  AWS_REGION: "eu-west-1",
  AWS_BEARER_TOKEN_BEDROCK: "not-known-to-the-server",
  AWS_ACCESS_KEY_ID: "AKIDUSER",
  AWS_SECRET_ACCESS_KEY: "user",
  AWS_CONFIG_FILE: "/absent/config",
  AWS_SHARED_CREDENTIALS_FILE: "/absent/credentials",
  AWS_BEDROCK_BASE_URL: "https://user.example",
  OPENAI_API_KEY: "user",
  OPENAI_BASE_URL: "https://user.example",
  HTTP_PROXY: "http://127.0.0.1:9",
  http_proxy: "http://127.0.0.1:9",
};

test("the start command works in every mode, whatever the user's environment contains", async () => {
  const { stdout: printed, stderr } = await runFresh(START, ["Say", "cheese"], USER);
  assert.doesNotMatch(stderr, /credential/i);
  const answer = 'Hello! You said: "Say cheese"';
  for (const mode of ["Bearer token", "AWS keys", "A profile"]) {
    const at = printed.indexOf(`\n${mode}\n`);
    assert.ok(at > 0, printed);
    const [, , to, plain, streamed] = printed.slice(at).split("\n");
    assert.match(to ?? "", /^ {2}to {8}http:\/\/127\.0\.0\.1:\d+\/openai\/v1$/);
    assert.equal(plain, `  plain     ${answer}`);
    assert.equal(streamed, `  streamed  ${answer}`);
  }
});

test("the start command fails with a code and advice if nothing can authenticate", async () => {
  const failure = await runFresh(START, ["--live"], { HOME: "/absent" }).catch((error) => error);
  assert.equal(failure.code, 1);
  assert.match(failure.stderr, /No AWS region was found.*\(region_missing\)/);
});

test("the start command prints a refusal without the token, and no control characters", async () => {
  const token = SECRETS.apiKey;
  const refuse = () =>
    Response.json({ error: { message: `\x1b[2J\u202eWrong: ${token}` } }, { status: 401 });
  await withServer(refuse, async (origin) => {
    const env = {
      AWS_BEARER_TOKEN_BEDROCK: token,
      AWS_BEDROCK_BASE_URL: `${origin}/v1`,
      AWS_REGION: "us-west-2",
    };
    const failure = await runFresh(START, ["--live"], env).catch((error) => error);
    assert.equal(failure.code, 1);
    assert.match(failure.stderr, /Failed: 401 .*\\u\{1b\}\[2J\\u\{202e\}Wrong: \*\*\*/);
    assert.ok(!(failure.stdout + failure.stderr).includes(token));
  });
});
