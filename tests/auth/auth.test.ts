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

async function outcome(options: AuthOptions, variables: object = {}, withChain = true) {
  const found = plan(options, variables, withChain);
  return found.mode === "bearer" ? await found.token() : (await found.identity()).accessKeyId;
}

test("each explicit mode wins over everything in the environment", async () => {
  const variables = { ...ENV_BEARER, ...ENV_KEYS, AWS_PROFILE: "other" };
  assert.equal(await outcome({ apiKey: "given" }, variables), "given");
  assert.equal(await outcome({ tokenProvider: () => "called" }, variables), "called");
  assert.equal(await outcome(KEYS, variables), "AKIDEXAMPLE");
  assert.equal(await outcome({ profile: " work " }, variables), "AKIDCHAINwork");
  assert.equal(await outcome({ credentialProvider: () => KEYS }, variables), "AKIDEXAMPLE");
});

test("without an explicit mode a bearer variable comes first, then keys, then the chain", async () => {
  const variables = { ...ENV_BEARER, ...ENV_KEYS };
  assert.equal(await outcome({}, variables), "environment-token");
  assert.equal(
    await outcome({}, { ...variables, AWS_BEARER_TOKEN_BEDROCK: " " }),
    "AKIDENVIRONMENT",
  );
  assert.equal(await outcome({ apiKey: null }, variables), "AKIDENVIRONMENT");
  assert.equal(await outcome({}, {}), "AKIDCHAIN");
  assert.equal(await outcome({}, { AWS_ACCESS_KEY_ID: "half" }), "AKIDCHAIN");
});

test("with the chain a set AWS_PROFILE wins over environment keys, without it there is none", async () => {
  const variables = { ...ENV_KEYS, AWS_PROFILE: "work" };
  assert.equal(await outcome({}, variables), "AKIDCHAIN");
  assert.equal(await outcome({}, variables, false), "AKIDENVIRONMENT");
});

test("nothing to authenticate with is an error that names what to set", () => {
  const words = [
    "`apiKey`",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_ACCESS_KEY_ID",
    "@mantle/bedrock/aws",
  ];
  refuses(() => plan({}, {}, false), "credentials_missing", ...words);
  refuses(() => plan({ apiKey: null }, ENV_BEARER, false), "credentials_missing");
});

test("two explicit modes at once are refused by name", () => {
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

test("keys that could not be sent or signed with are refused without being shown", async () => {
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

test("a provider that returns no credentials is refused", async () => {
  for (
    const value of [undefined, null, "text", {}, { accessKeyId: "AKID" }, {
      ...KEYS,
      sessionToken: "",
    }]
  ) {
    const found = plan({ credentialProvider: () => value as typeof KEYS });
    assert.ok(found.mode === "sigv4");
    await rejects(found.identity(), "credentials_invalid", "`credentialProvider`");
  }
});

test("the caller's callbacks are called for every attempt", async () => {
  let tokens = 0;
  let identities = 0;
  const bearer = plan({ tokenProvider: () => `token-${++tokens}` });
  const sigv4 = plan({ credentialProvider: async () => (identities++, KEYS) });
  assert.ok(bearer.mode === "bearer" && sigv4.mode === "sigv4");
  assert.deepEqual([await bearer.token(), await bearer.token()], ["token-1", "token-2"]);
  await sigv4.identity();
  await sigv4.identity();
  assert.equal(identities, 2);
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

test("an answer that throws when it is read is a failure of its callback", async () => {
  const own = new Error("no key today");
  const answer = {
    ...KEYS,
    get accessKeyId(): string {
      throw own;
    },
  };
  const found = plan({ credentialProvider: () => answer });
  assert.ok(found.mode === "sigv4");
  const error = await found.identity().catch((error: Error) => error);
  assert.ok(error instanceof Error && error.cause === own);
  await rejects(found.identity(), "credentials_failed", "`credentialProvider`");
});

test("what a callback throws is kept as the cause, and sync and async failures are alike", async () => {
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
