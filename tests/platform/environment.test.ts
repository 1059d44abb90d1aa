import assert from "node:assert/strict";
import { test } from "node:test";
import { bedrock } from "../../mod.ts";
import { planAuth } from "../../src/auth/plan.ts";
import { adviseOnHidden, readEnvironment } from "../../src/platform/environment.ts";
import { refuses, rejects } from "../support/refusal.ts";
import { withVariables } from "../support/variables.ts";

/** Creates a global scope of a Deno that permits one variable. */
const deno = (permitted: string) => ({
  Deno: {
    env: {
      get(name: string) {
        assert.equal(name, permitted, "a variable was read without permission");
        return "value";
      },
    },
    permissions: {
      querySync: ({ variable }: { variable?: string }) => ({
        state: variable === permitted ? "granted" : "prompt",
      }),
    },
  },
});

test("variables come from a given object, whatever else it contains", () => {
  const { get } = readEnvironment({ AWS_REGION: " us-west-2 ", KV: { get() {} }, BLANK: " " });
  assert.equal(get("AWS_REGION"), "us-west-2");
  for (const name of ["KV", "BLANK", "MISSING"]) assert.equal(get(name), undefined);
});

test("variables of the process are read each time", () => {
  const env = {} as Record<string, string>;
  const { get, ofProcess } = readEnvironment(undefined, { process: { env } });
  assert.equal(get("NAME"), undefined);
  env.NAME = "value";
  assert.equal(get("NAME"), "value");
  assert.equal(ofProcess, true);
});

test("a runtime without variables has none", () => {
  assert.equal(readEnvironment(undefined, {}).get("AWS_REGION"), undefined);
});

test("the variables of this process are read", () => {
  const name = "HOME" in process.env ? "HOME" : "PATH";
  assert.equal(readEnvironment().get(name), process.env[name]);
});

test("a variable that Deno hides counts as absent, prompts for nothing, and is named in the advice", () => {
  const env = readEnvironment(undefined, deno("AWS_REGION"));
  assert.equal(env.get("AWS_REGION"), "value");
  assert.equal(adviseOnHidden(env), "");
  assert.equal(env.get("AWS_DEFAULT_REGION"), undefined);
  assert.equal(env.get("AWS_PROFILE"), undefined);
  assert.match(adviseOnHidden(env), /--allow-env=AWS_DEFAULT_REGION,AWS_PROFILE$/);
});

test("keys are not signed with while Deno hides the session token that may belong to them", async () => {
  const hidden = new Set(["AWS_SESSION_TOKEN"]);
  const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
  const plan = planAuth({}, { ...readEnvironment(keys), hidden }, undefined);
  assert.ok(plan.mode === "sigv4");
  await rejects(plan.identity(), "permission_missing", "--allow-env=AWS_SESSION_TOKEN");
});

test("with an env option no variable of the process counts", async () => {
  await withVariables({ AWS_REGION: "us-east-1" }, () => {
    refuses(() => bedrock({ apiKey: "key", env: {} }), "region_missing");
    assert.match(bedrock({ apiKey: "key" }).url, /us-east-1/);
    assert.match(bedrock({ apiKey: "key", env: { AWS_REGION: "us-west-2" } }).url, /us-west-2/);
  });
});
