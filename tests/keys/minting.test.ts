import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import { mintKey as mintFromAws, tokenProvider as providerFromAws } from "../../aws.ts";
import { decodeKey, mintKey, type MintOptions, tokenProvider } from "../../mod.ts";
import { planMinting } from "../../src/keys/minting.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import {
  keySettings,
  keyVariables,
  onMachine,
  section,
  temporary,
  USER_KEYS,
} from "../support/machine.ts";
import { refuses, rejects, SECRET } from "../support/refusal.ts";
import { withVariables } from "../support/variables.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET };
const OPTIONS = { region: "us-west-2", env: {} };

/** Returns the access key id that a key was minted with. */
function mintedBy(key: string): string {
  const url = new URL(`https://${atob(key.slice("bedrock-api-key-".length))}`);
  return url.searchParams.get("X-Amz-Credential")?.split("/")[0] ?? "";
}

/** Credentials that change or fail as told, and keys minted from them on a clock of their own. */
function source(options: MintOptions = {}) {
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  const behave = { id: "AKID1", fails: false, lifeMs: undefined as number | undefined };
  const credentialProvider = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (behave.fails) throw new Error(`${SECRET} of STS`);
    const expiration = behave.lifeMs && new Date(clock.now + behave.lifeMs);
    return { accessKeyId: behave.id, secretAccessKey: SECRET, ...(expiration && { expiration }) };
  };
  const world = { ...PLATFORM, now: () => clock.now, lookupLimitMs: 10_000 };
  const { token } = planMinting({ ...OPTIONS, ...options, credentialProvider }, undefined, world);
  return { clock, behave, token };
}

test("tokenProvider() reuses a key until five minutes before it expires", async () => {
  const { clock, token } = source({ expiresInSeconds: 3600 });
  const first = await token();
  clock.now += 55 * MINUTE - 1;
  assert.equal(await token(), first);
  clock.now += 1;
  const second = await token();
  assert.notEqual(second, first);
  assert.equal(decodeKey(second)?.expiration?.getTime(), clock.now + HOUR);
});

test("tokenProvider() mints a new key as soon as the credentials change", async () => {
  const { behave, token } = source();
  assert.equal(mintedBy(await token()), "AKID1");
  behave.id = "AKID2";
  assert.equal(mintedBy(await token()), "AKID2");
});

test("mintKey() times out if the credentials hang", async () => {
  const world = { ...PLATFORM, lookupLimitMs: 5 };
  const options = { ...OPTIONS, credentialProvider: () => new Promise<never>(() => {}) };
  const { mintKey } = planMinting(options, undefined, world);
  await rejects(mintKey(), "credentials_timeout", "5 ms");
});

test("tokenProvider() gives each caller a key from its own credentials, or the callback's error", async () => {
  const user = new AsyncLocalStorage<string>();
  const credentialProvider = async () => {
    const id = user.getStore();
    await Promise.resolve();
    if (id === undefined) throw new Error("nobody is logged in");
    return { ...KEYS, accessKeyId: id };
  };
  const token = tokenProvider({ ...OPTIONS, credentialProvider });
  const [first, second] = await Promise.all(
    ["AKIDFIRST", "AKIDSECOND"].map((id) => user.run(id, token)),
  );
  assert.deepEqual([first, second].map((key) => mintedBy(key!)), ["AKIDFIRST", "AKIDSECOND"]);
  await assert.rejects(token(), { code: "credentials_failed" });
});

test("keys are minted even if a library has replaced the global Promise", async () => {
  const { token } = source();
  const whole = Promise;
  globalThis.Promise = class<T> extends whole<T> {} as PromiseConstructor;
  try {
    assert.equal(mintedBy(await token()), "AKID1");
  } finally {
    globalThis.Promise = whole;
  }
});

test("a key expires with credentials that expire earlier", async () => {
  const { clock, behave, token } = source();
  behave.lifeMs = 15 * MINUTE;
  const start = clock.now;
  assert.equal(decodeKey(await token())?.expiration?.getTime(), start + 15 * MINUTE);
  behave.fails = true;
  clock.now += 15 * MINUTE;
  await assert.rejects(token(), { code: "credentials_failed" });
});

test("a key stays valid if the expiry of its credentials is extended", async () => {
  const { clock, behave, token } = source();
  behave.lifeMs = 15 * MINUTE;
  await token();
  clock.now += 20 * MINUTE;
  await assert.doesNotReject(token());
  const { expiration } = decodeKey(await token()) ?? {};
  assert.equal(expiration?.getTime(), clock.now + 15 * MINUTE);
});

test("minting looks for AWS keys only, and says what is missing", async () => {
  const bearer = { AWS_BEARER_TOKEN_BEDROCK: SECRET, AWS_REGION: "us-west-2" };
  await rejects(mintKey({ env: bearer }), "credentials_missing", "Set AWS_ACCESS_KEY_ID");
  const env = { ...bearer, ...keyVariables(USER_KEYS) };
  assert.equal(mintedBy((await mintKey({ env })).key), USER_KEYS.accessKeyId);
  assert.equal((await mintKey({ env })).region, "us-west-2");
  await rejects(mintKey({ ...KEYS, env: {} }), "region_missing", "Pass `region`");
  await rejects(mintKey({ ...KEYS, env: {}, region: "us_west" }), "region_invalid");
  // @ts-expect-error: the compiler refuses half a pair of keys
  refuses(() => tokenProvider({ ...OPTIONS, accessKeyId: "AKID" }), "credentials_incomplete");
  // @ts-expect-error: and two ways at once
  refuses(() => tokenProvider({ ...OPTIONS, ...KEYS, profile: "x" }), "auth_conflict");
  refuses(() => tokenProvider("us-west-2" as MintOptions), "option_invalid", "an object");
  for (const expiresInSeconds of [0, -1, 43_201, 1.5, NaN, "60", null]) {
    const options = { ...OPTIONS, ...KEYS, expiresInSeconds } as MintOptions;
    refuses(() => tokenProvider(options), "option_invalid", "`expiresInSeconds`", "43200");
  }
});

test("aws.ts mints from a profile with its region and its session token", async () => {
  await onMachine(async ({ write, variables }) => {
    const keys = temporary("work");
    await write(".aws/credentials", section("work", keySettings(keys)));
    await write(".aws/config", section("profile work", { region: "eu-west-1" }));
    await withVariables(variables({ AWS_BEARER_TOKEN_BEDROCK: SECRET }), async () => {
      const { key, region } = await mintFromAws({ profile: "work" });
      assert.deepEqual([mintedBy(key), region], [keys.accessKeyId, "eu-west-1"]);
      assert.ok(atob(key.slice(16)).includes(encodeURIComponent(keys.sessionToken)));
      assert.equal(mintedBy(await providerFromAws({ profile: "work" })()), keys.accessKeyId);
      await rejects(mintFromAws({ region: "us-west-2", profile: "none" }), "credentials_failed");
    });
  });
});
