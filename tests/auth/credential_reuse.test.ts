import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheUntilExpiry } from "../../src/auth/credential_cache.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import { rejects } from "../support/refusal.ts";

const MINUTE = 60_000;

/** Creates a source whose lookups take a moment, can be made to fail, and are counted. */
function source(expiresIn?: number, lookupLimitMs = 100) {
  const clock = { now: 1_000_000 };
  const calls: (boolean | undefined)[] = [];
  const behave = { fails: false, hangs: false };
  const resolve = cacheUntilExpiry(async (properties) => {
    const number = calls.push(properties?.forceRefresh) - 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (behave.hangs) await new Promise(() => {});
    if (behave.fails) throw new Error("metadata service is down");
    return {
      accessKeyId: `AKID${number}`,
      secretAccessKey: "secret",
      ...(expiresIn && { expiration: new Date(clock.now + expiresIn) }),
    };
  }, { now: () => clock.now, lookupLimitMs });
  const key = async (...args: Parameters<typeof resolve>) => (await resolve(...args)).accessKeyId;
  return { clock, calls, behave, resolve, key };
}

/** Creates a source whose lookups are resolved one by one, in any order. */
function resolvedByHand() {
  const found: ((accessKeyId: string) => void)[] = [];
  const lookUp = () =>
    new Promise<{ accessKeyId: string; expiration?: Date }>((resolve) => {
      found.push((accessKeyId) => resolve({ accessKeyId }));
    });
  return { found, resolve: cacheUntilExpiry(lookUp, { now: () => 0, lookupLimitMs: 1_000 }) };
}

test("chain credentials are reused until five minutes before they expire", async () => {
  const { clock, calls, resolve } = source(60 * MINUTE);
  await resolve();
  clock.now += 55 * MINUTE - 1;
  assert.equal((await resolve()).accessKeyId, "AKID0");
  clock.now += 1;
  assert.equal((await resolve()).accessKeyId, "AKID1");
  assert.equal(calls.length, 2);
});

test("chain credentials without an expiry are looked up again after five minutes", async () => {
  const { clock, calls, resolve } = source();
  await resolve();
  clock.now += 5 * MINUTE - 1;
  await resolve();
  assert.equal(calls.length, 1);
  clock.now += 1;
  await resolve();
  assert.equal(calls.length, 2);
});

test("callers that wait share one lookup", async () => {
  const { calls, resolve } = source();
  await Promise.all(Array.from({ length: 100 }, resolve));
  assert.equal(calls.length, 1);
});

test("a failure reaches everyone who waited for it, and is not remembered", async () => {
  const { calls, behave, key } = source();
  behave.fails = true;
  for (const wait of [key(), key()]) await assert.rejects(wait, /metadata service is down/);
  assert.equal(calls.length, 1);
  behave.fails = false;
  assert.equal(await key(), "AKID1");
});

test("credentials that are still valid stay in use while a refresh fails", async () => {
  const { clock, calls, behave, key } = source(60 * MINUTE);
  await key();
  clock.now += 55 * MINUTE;
  behave.fails = true;
  await assert.doesNotReject(key());
  assert.deepEqual([await key(), await key()], ["AKID0", "AKID0"]);
  assert.equal(calls.length, 2, "a source that is down is not asked at every request");
  clock.now += 3_000;
  await key();
  assert.equal(calls.length, 3);
  clock.now += 5 * MINUTE;
  await assert.rejects(key(), /metadata service is down/);
  behave.fails = false;
  assert.equal(await key(), "AKID4");
});

test("credentials without an expiry stay in use while their source is down", async () => {
  const { clock, behave, key } = source();
  await key();
  clock.now += 60 * MINUTE;
  behave.fails = true;
  assert.equal(await key(), "AKID0");
  behave.fails = false;
  clock.now += 3_000;
  assert.equal(await key(), "AKID2");
});

test("a refresh that hangs does not block callers whose credentials are still valid", async () => {
  const { clock, behave, key } = source(60 * MINUTE, 10_000);
  await key();
  clock.now += 56 * MINUTE;
  behave.hangs = true;
  const start = performance.now();
  assert.equal(await key(), "AKID0");
  assert.ok(performance.now() - start < 5_000);
});

test("forceRefresh starts a new lookup at once, shares it, and reports its failure", async () => {
  const { calls, behave, key } = source(60 * MINUTE);
  await key();
  assert.deepEqual(
    await Promise.all(Array.from({ length: 3 }, () => key({ forceRefresh: true }))),
    ["AKID1", "AKID1", "AKID1"],
  );
  assert.equal(await key(), "AKID1");
  assert.deepEqual(calls, [undefined, true]);
  behave.fails = true;
  await assert.rejects(key({ forceRefresh: true }), /metadata service is down/);
  assert.equal(await key(), "AKID1", "what one request was refused for may be good for others");
});

test("forceRefresh neither waits for an ordinary lookup nor is overwritten by it", async () => {
  const { found, resolve } = resolvedByHand();
  const routine = resolve();
  const forced = [resolve({ forceRefresh: true }), resolve({ forceRefresh: true }), resolve()];
  assert.equal(found.length, 2);
  found[1]!("new");
  for (const each of forced) assert.equal((await each).accessKeyId, "new");
  found[0]!("refused");
  assert.equal((await routine).accessKeyId, "refused");
  assert.equal((await resolve()).accessKeyId, "new");
});

test("a lookup that ends late does not replace a newer one", async () => {
  const { found, resolve } = resolvedByHand();
  const routine = resolve();
  const forced = resolve({ forceRefresh: true });
  found[0]!("refused");
  await routine;
  const others = [resolve(), resolve({ forceRefresh: true })];
  found[1]!("new");
  for (const each of [forced, ...others]) assert.equal((await each).accessKeyId, "new");
  assert.equal(found.length, 2);
});

test("a lookup that hangs times out, and does not block later requests", async () => {
  const { calls, behave, resolve, key } = source();
  behave.hangs = true;
  // The limit alone keeps no process alive; who waits does
  const waiting = setInterval(() => {}, 10);
  await Promise.all([resolve(), resolve()].map((wait) => rejects(wait, "credentials_timeout")));
  clearInterval(waiting);
  behave.hangs = false;
  assert.equal(await key(), "AKID1");
  assert.equal(calls.length, 2);
});

test("a lookup times out after a minute", () => assert.equal(PLATFORM.lookupLimitMs, 60_000));
