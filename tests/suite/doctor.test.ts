import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFindings } from "../../cli/doctor.ts";
import { mintKey } from "../../mod.ts";
import { runCommand } from "../support/command.ts";
import { SECRET } from "../support/refusal.ts";

const doctor = (args: string[], env?: Record<string, string>) =>
  runCommand(["doctor", ...args], env);

test("doctor prints a table of what would happen, and exits with 0", async () => {
  const env = { AWS_BEARER_TOKEN_BEDROCK: SECRET, AWS_PROFILE: "work" };
  const { code, stdout } = await doctor(["--region", "us-west-2"], env);
  assert.equal(code, 0);
  const url = "https://bedrock-mantle.us-west-2.api.aws/openai/v1";
  assert.deepEqual(stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/)), [
    ["endpoint", "mantle", "the default"],
    ["region", "us-west-2", "`region`"],
    ["base URL", url, "derived from endpoint and region"],
    ["auth", "bearer", "AWS_BEARER_TOKEN_BEDROCK"],
    ["skipped", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK takes precedence"],
    [""],
    ["A request can be authenticated."],
  ]);
});

test("doctor --json prints the same as JSON", async () => {
  const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: SECRET };
  const { code, stdout } = await doctor(["--json", "--endpoint", "runtime"], {
    ...keys,
    AWS_REGION: "eu-central-1",
  });
  assert.equal(code, 0);
  assert.ok(!stdout.includes(SECRET));
  const { ok, endpoint, region, auth } = JSON.parse(stdout);
  assert.deepEqual([ok, endpoint.value, region.source], [true, "runtime", "AWS_REGION"]);
  assert.deepEqual(auth, { mode: "sigv4", source: "AWS_ACCESS_KEY_ID", service: "bedrock" });
});

test("doctor exits with 1 without credentials, and says what was tried", async () => {
  const { code, stdout } = await doctor([], { AWS_REGION: "us-west-2" });
  assert.equal(code, 1);
  assert.match(stdout, /^skipped +profile default {2,}there is no profile default/m);
  assert.match(
    stdout,
    /\nNo AWS credentials were found\. Fix one of these, .* \(credentials_failed\)\n$/,
  );
  const json = await doctor(["--json", "--profile", "absent"], { AWS_REGION: "us-west-2" });
  assert.equal(json.code, 1);
  assert.match(JSON.parse(json.stdout).problem.message, /there is no profile absent/);
});

test("doctor exits with 1 if bedrock() refuses the settings, and says why", async () => {
  const { code, stdout } = await doctor(["--json"], { AWS_BEARER_TOKEN_BEDROCK: SECRET });
  assert.equal(code, 1);
  assert.deepEqual([JSON.parse(stdout).ok, JSON.parse(stdout).problem.code], [
    false,
    "region_missing",
  ]);
});

test("doctor exits with 2 and its usage on wrong arguments", async () => {
  const { code, stderr } = await doctor(["--regoin", "us-west-2"]);
  assert.equal(code, 2);
  assert.match(stderr, /--regoin[^]*Usage: cli\.ts doctor/);
});

test("the table says in how many minutes credentials expire", () => {
  const expiration = new Date("2030-01-01T01:00:00Z");
  const findings = {
    ok: true,
    endpoint: { value: "mantle", source: "the default" },
    region: undefined,
    baseURL: { value: "https://gateway.example/v1", source: "`baseURL`" },
    auth: {
      mode: "sigv4",
      source: "profile work: SSO session",
      service: "bedrock",
      region: undefined,
      expiration,
    },
    skipped: [],
    problem: undefined,
  } as const;
  assert.match(
    formatFindings(findings, +expiration - 90 * 60_000),
    /^expires .*T01:00.* in 1 hour and 30 minutes$/m,
  );
  assert.match(formatFindings(findings, +expiration - 1), /\nA request can be authenticated\.$/);
  const late = formatFindings(findings, +expiration + 60_000);
  assert.match(late, /^expires .* expired$/m);
  assert.match(
    late,
    /\nA request can be authenticated, but the credential has expired according to this machine's clock\.$/,
  );
});

test("doctor shows the region of a short-term key, and warns if another one is set", async () => {
  const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET, env: {} };
  const { key } = await mintKey({ ...keys, region: "eu-west-1" });
  const env = { AWS_BEARER_TOKEN_BEDROCK: key, AWS_BEDROCK_BASE_URL: "https://gateway.example/v1" };
  const own = await doctor([], { ...env, AWS_REGION: "eu-west-1" });
  assert.match(own.stdout, /^auth {2,}bearer, short-term key for eu-west-1 {2,}AWS_BEARER_TOKEN/m);
  assert.match(own.stdout, /^expires .* in 12 hours\n\nA request can be authenticated\.$/m);
  const foreign = await doctor([], { ...env, AWS_REGION: "us-west-2" });
  assert.equal(foreign.code, 0);
  const doubt = "but the key is only valid in eu-west-1, and AWS_REGION is us-west-2.\n";
  assert.ok(foreign.stdout.endsWith(doubt), foreign.stdout);
});
