import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { readIdentity } from "../../src/auth/credentials.ts";
import { refuses, SECRET } from "../support/refusal.ts";

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
    const identity = readIdentity({ ...source, expiration }, "a test");
    assert.equal(identity.expiration?.getTime(), expected.getTime());
    assert.ok(Object.isFrozen(identity));
  }
  for (const expiration of [undefined, null]) {
    assert.equal(readIdentity({ ...source, expiration }, "a test").expiration, undefined);
  }
});

test("an expiry that cannot be parsed is refused rather than ignored", () => {
  const source = { accessKeyId: "AKID", secretAccessKey: SECRET };
  for (const expiration of ["soon", "", new Date(NaN), NaN, Infinity, {}]) {
    const read = () => readIdentity({ ...source, expiration }, "a test");
    refuses(read, "credentials_invalid", "`expiration` from a test");
  }
});
