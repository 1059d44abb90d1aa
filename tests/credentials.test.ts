import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import {
  type AwsCredentialIdentity,
  credentialIdentity,
  reuseUntilExpiry,
} from "../src/credentials.ts";
import { REAL_WORLD } from "../src/world.ts";
import { rejects } from "./support/refusal.ts";

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
  }, { now: () => clock.now, lookupLimitMs: 1_000 });
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
  });
  await assert.rejects(resolve());
  fails = false;
  assert.equal((await resolve()).accessKeyId, "AKID");
});

test("a lookup that hangs is given up, and does not hold up later requests", async () => {
  let lookups = 0;
  const identity = { accessKeyId: "AKID", secretAccessKey: "secret" };
  const resolve = reuseUntilExpiry(
    () => lookups++ ? Promise.resolve(identity) : new Promise(() => {}),
    { now: Date.now, lookupLimitMs: 10 },
  );
  await Promise.all([resolve(), resolve()].map((wait) => rejects(wait, "credentials_timeout")));
  assert.equal(await resolve(), identity);
  assert.equal(lookups, 2);
});

test("an identity is a frozen copy, and keeps its expiry whatever form it has", () => {
  const source = { accessKeyId: "AKID", secretAccessKey: "secret" };
  const expected = new Date("2030-01-02T03:04:05Z");
  for (
    const expiration of [
      expected,
      +expected,
      expected.toISOString(),
      runInNewContext("new Date(1893553445000)"),
    ]
  ) {
    const identity = credentialIdentity({ ...source, expiration }, "a test");
    assert.equal(identity.expiration?.getTime(), expected.getTime());
    assert.ok(Object.isFrozen(identity));
  }
  for (const expiration of [undefined, null, "soon", {}]) {
    assert.equal(credentialIdentity({ ...source, expiration }, "a test").expiration, undefined);
  }
});

test("the real limit of a lookup is a minute", () =>
  assert.equal(REAL_WORLD.lookupLimitMs, 60_000));
