import assert from "node:assert/strict";
import { test } from "node:test";
import { readIdentity } from "../../src/auth/credentials.ts";
import { type CredentialChain, planAuth } from "../../src/auth/plan.ts";
import { type AuthOptions, validateOptions } from "../../src/options.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { refuses, rejects, SECRET } from "../support/refusal.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET };
const ENV_KEYS = { AWS_ACCESS_KEY_ID: "AKIDENVIRONMENT", AWS_SECRET_ACCESS_KEY: SECRET };
const ENV_BEARER = { AWS_BEARER_TOKEN_BEDROCK: "environment-token" };

const chain: CredentialChain = (profile) => async () =>
  readIdentity({ accessKeyId: `AKIDCHAIN${profile ?? ""}`, secretAccessKey: SECRET }, "a test");

function plan(options: AuthOptions, variables: object = {}, withChain = true) {
  return planAuth(options, readEnvironment(variables), withChain ? chain : undefined);
}

test("without any credentials, the error names what to set", () => {
  const words = [
    "`apiKey`",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_ACCESS_KEY_ID",
    "@mantle/bedrock/aws",
  ];
  refuses(() => plan({}, {}, false), "credentials_missing", ...words);
  refuses(() => plan({ apiKey: null }, ENV_BEARER, false), "credentials_missing");
});

test("two explicit ways to authenticate are refused by name", () => {
  const modes: Record<string, AuthOptions> = {
    "`apiKey`": { apiKey: "key" },
    "`tokenProvider`": { tokenProvider: () => "token" },
    "`accessKeyId`": KEYS,
    "`profile`": { profile: "work" },
    "`credentialProvider`": { credentialProvider: () => KEYS },
  };
  for (const [one, first] of Object.entries(modes)) {
    for (const [other, second] of Object.entries(modes)) {
      if (one === other) continue;
      refuses(() => plan({ ...first, ...second }), "auth_conflict", one, other);
    }
  }
  assert.equal(plan({ apiKey: null, ...KEYS }).source, "accessKeyId");
});

test("half a key pair and a session token alone are refused by name", () => {
  const { accessKeyId, secretAccessKey } = KEYS;
  refuses(() => plan({ accessKeyId }), "credentials_incomplete", "`accessKeyId` alone");
  refuses(() => plan({ secretAccessKey }), "credentials_incomplete", "`secretAccessKey` alone");
  refuses(() => plan({ sessionToken: SECRET }), "credentials_incomplete", "`sessionToken` alone");
  refuses(() => plan({ accessKeyId, sessionToken: SECRET }), "credentials_incomplete");
});

test("blank and mistyped options are refused by name", () => {
  refuses(() => plan({ apiKey: " " }), "credentials_invalid", "`apiKey`");
  refuses(() => plan({ ...KEYS, accessKeyId: "" }), "credentials_invalid", "`accessKeyId`");
  refuses(
    () => plan({ ...KEYS, secretAccessKey: " " }),
    "credentials_invalid",
    "`secretAccessKey`",
  );
  refuses(() => plan({ ...KEYS, sessionToken: "" }), "credentials_invalid", "`sessionToken`");
  refuses(() => validateOptions({ profile: " " }), "option_invalid", "`profile`");
  refuses(() => plan({ apiKey: 7 as unknown as string }), "credentials_invalid", "`apiKey`");
  const callback = "text" as unknown as () => string;
  refuses(() => validateOptions({ tokenProvider: callback }), "option_invalid", "`tokenProvider`");
  const provider = KEYS as unknown as () => typeof KEYS;
  refuses(
    () => validateOptions({ credentialProvider: provider }),
    "option_invalid",
    "`credentialProvider`",
  );
  refuses(() => plan({ profile: "work" }, {}, false), "option_invalid", "@mantle/bedrock/aws");
});

test("keys that cannot be sent or signed with are refused without being shown", async () => {
  for (const bad of [`${SECRET}\n`, ` ${SECRET}`, `${SECRET}\0`, `${SECRET}é`]) {
    refuses(() => plan({ ...KEYS, accessKeyId: bad }), "credentials_invalid", "`accessKeyId`");
    refuses(
      () => plan({ ...KEYS, secretAccessKey: bad }),
      "credentials_invalid",
      "`secretAccessKey`",
    );
    const found = plan({ credentialProvider: () => ({ ...KEYS, sessionToken: bad }) });
    assert.ok(found.mode === "sigv4");
    await rejects(
      found.identity(),
      "credentials_invalid",
      "`sessionToken`",
      "`credentialProvider`",
    );
  }
});

test("unchanged credentials are the same object, so that their signing key stays cached", async () => {
  let secretAccessKey = SECRET;
  const found = plan({ credentialProvider: () => ({ ...KEYS, secretAccessKey }) });
  assert.ok(found.mode === "sigv4");
  const first = await found.identity();
  assert.equal(await found.identity(), first);
  secretAccessKey = "another";
  assert.notEqual(await found.identity(), first);
});

test("variables are read again for each attempt", async () => {
  const variables: Record<string, string> = { AWS_BEARER_TOKEN_BEDROCK: "old" };
  const bearer = plan({}, variables);
  assert.ok(bearer.mode === "bearer");
  assert.equal(await bearer.token(), "old");
  variables.AWS_BEARER_TOKEN_BEDROCK = " new ";
  assert.equal(await bearer.token(), "new");
  delete variables.AWS_BEARER_TOKEN_BEDROCK;
  await rejects(bearer.token(), "credentials_missing");

  const rotated: Record<string, string> = { ...ENV_KEYS };
  const keys = plan({}, rotated);
  assert.ok(keys.mode === "sigv4");
  assert.equal((await keys.identity()).sessionToken, undefined);
  Object.assign(rotated, { AWS_ACCESS_KEY_ID: "AKIDROTATED", AWS_SESSION_TOKEN: "session" });
  const { accessKeyId, sessionToken } = await keys.identity();
  assert.deepEqual([accessKeyId, sessionToken], ["AKIDROTATED", "session"]);
});

test("credentials whose properties throw count as a failed callback", async () => {
  const own = new Error("no key today");
  const response = {
    ...KEYS,
    get accessKeyId(): string {
      throw own;
    },
  };
  const found = plan({ credentialProvider: () => response });
  assert.ok(found.mode === "sigv4");
  const error = await found.identity().catch((error: Error) => error);
  assert.ok(error instanceof Error && error.cause === own);
  await rejects(found.identity(), "credentials_failed", "`credentialProvider`");
});

test("the error of a callback is kept as the cause, whether it throws or rejects", async () => {
  const own = new Error("vault is sealed");
  for (
    const tokenProvider of [() => Promise.reject(own), () => {
      throw own;
    }]
  ) {
    const found = plan({ tokenProvider });
    assert.ok(found.mode === "bearer");
    const error = await found.token().catch((error: Error) => error);
    assert.ok(error instanceof Error && error.cause === own);
    await rejects(found.token(), "credentials_failed", "`tokenProvider`");
  }
});
