import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fastestDigest, webDigest } from "../../src/platform/digest.ts";
import { rejects } from "../support/refusal.ts";

const LONG = 4 * 1024 * 1024;

test("node:crypto and Web Crypto agree on texts and bytes, also with lone surrogates", async () => {
  const data = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "lone \ud800 surrogate", "\udc00", "\u00ff\ud83d"),
    fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  );
  const long = `${"é".repeat(40_000)}\ud83d`;
  assert.equal(await webDigest.sha256(long), await fastestDigest().sha256(long));
  await fc.assert(fc.asyncProperty(data, async (data) => {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const found = await fastestDigest().sha256(data);
    assert.match(found, /^[0-9a-f]{64}$/);
    for (const each of [data, bytes]) assert.equal(await webDigest.sha256(each), found);
  }));
});

test("node:crypto and Web Crypto agree on the HMAC of any key and text", async () => {
  // Of one block, a byte less and a byte more as well
  const lengths = [{ minLength: 1, maxLength: 200 }, { minLength: 63, maxLength: 65 }];
  const key = fc.oneof(...lengths.map((length) => fc.uint8Array(length)))
    .map((bytes) => new Uint8Array(bytes));
  await fc.assert(fc.asyncProperty(key, fc.string({ unit: "binary" }), async (key, text) => {
    const [one, other] = [await fastestDigest().hmac(key), await webDigest.hmac(key)];
    assert.equal(await one(text), await other(text));
  }));
});

test("Deno, Node and Bun hash synchronously, except for long inputs", async () => {
  const { sha256 } = fastestDigest();
  for (const short of ["x".repeat(LONG), new Uint8Array(LONG)]) {
    assert.equal(typeof sha256(short), "string");
  }
  for (const long of ["x".repeat(LONG + 1), new Uint8Array(LONG + 1)]) {
    const later = sha256(long);
    assert.ok(later instanceof Promise);
    assert.equal(await later, await webDigest.sha256(long));
  }
});

test("a runtime without node:crypto gets Web Crypto", () => {
  assert.equal(fastestDigest({}), webDigest);
  assert.equal(fastestDigest({ process: {} }), webDigest);
  for (const found of [undefined, {}]) {
    assert.equal(fastestDigest({ process: { getBuiltinModule: () => found } }), webDigest);
  }
  assert.notEqual(fastestDigest(globalThis as Parameters<typeof fastestDigest>[0]), webDigest);
});

test("a runtime without Web Crypto gets an error that says how to get it", async () => {
  const kept = Object.getOwnPropertyDescriptor(globalThis, "crypto")!;
  Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
  try {
    await rejects(Promise.resolve(webDigest.sha256("")), "web_crypto_missing", "https");
  } finally {
    Object.defineProperty(globalThis, "crypto", kept);
  }
});
