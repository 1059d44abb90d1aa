import assert from "node:assert/strict";
import { test } from "node:test";
import { type AwsCredentialIdentity, reuseUntilExpiry } from "../src/credentials.ts";

const MINUTE = 60_000;

function source(expiresIn?: number) {
  const clock = { now: 1_000_000 };
  const calls: AwsCredentialIdentity[] = [];
  const resolve = reuseUntilExpiry(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const identity = {
      accessKeyId: `AKID${calls.length}`,
      secretAccessKey: "secret",
      ...(expiresIn && { expiration: new Date(clock.now + expiresIn) }),
    };
    calls.push(identity);
    return identity;
  }, () => clock.now);
  return { clock, calls, resolve };
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

test("a failed lookup is not remembered", async () => {
  let fails = true;
  const resolve = reuseUntilExpiry(async () => {
    if (fails) throw new Error("metadata service is down");
    return { accessKeyId: "AKID", secretAccessKey: "secret" };
  }, Date.now);
  await assert.rejects(resolve());
  fails = false;
  assert.equal((await resolve()).accessKeyId, "AKID");
});
