import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { withMantle } from "../support/local_mantle.ts";
import type { Attempt } from "../support/mantle_clients.ts";
import { BODY, MISMATCH, rewrite, signed, tryOut } from "../support/mantle_clients.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const ATTEMPTS: Record<string, Attempt> = {
  "a good signature is accepted": {},
  "a changed body is refused": {
    tamper: (request) => request.body = BODY.replace("Hi", "Ho"),
    refused: MISMATCH,
  },
  "a changed path is refused": {
    tamper: (request) => request.url = request.url.replace("responses", "Responses"),
    refused: MISMATCH,
  },
  "a changed query is refused": {
    tamper: (request) => request.url = request.url.replace("red", "blue"),
    refused: MISMATCH,
  },
  "a changed header is refused": {
    tamper: (request) => request.headers.set("content-type", "text/plain"),
    refused: MISMATCH,
  },
  "a signed header that is missing is refused": {
    sign: { headers: { "x-color": "red" } },
    tamper: (request) => request.headers.delete("x-color"),
    refused: MISMATCH,
  },
  "an unsigned header of another kind is accepted": {
    tamper: (request) => request.headers.set("x-color", "red"),
  },
  "an unsigned x-amz header is refused": {
    tamper: (request) => request.headers.set("x-amz-color", "red"),
    refused: /^These headers must be signed: x-amz-color\.$/,
  },
  "an unsigned host is refused": {
    tamper: (request) => rewrite(request, /;host/, ""),
    refused: /^These headers must be signed: host\.$/,
  },
  "a true payload hash is accepted": {
    sign: { headers: { "x-amz-content-sha256": sha256(BODY) } },
  },
  "a false payload hash is refused": {
    sign: { headers: { "x-amz-content-sha256": sha256("other") } },
    refused: /'x-amz-content-sha256' header does not match/,
  },
  "a body changed under its signed hash is refused": {
    sign: { headers: { "x-amz-content-sha256": sha256(BODY) } },
    tamper: (request) => request.body = BODY.replace("Hi", "Ho"),
    refused: /'x-amz-content-sha256' header does not match/,
  },
  "an unsigned payload is accepted": {
    sign: { headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
    tamper: (request) => request.body = BODY.replace("Hi", "Ho"),
  },
  "repeated, empty and encoded query parameters are accepted": {
    query: "?b=2&a=%20x&b=1&a=&c=%2F~*'()&d=1+2&constructor=x",
  },
  "a nameless query parameter that aws4fetch left unsigned is refused": {
    query: "?a=1&=2",
    refused: MISMATCH,
  },
  "a __proto__ query is accepted": { query: "?__proto__=1&a=2" },
  "a changed __proto__ query is refused": {
    query: "?__proto__=1&a=2",
    tamper: (request) => request.url = request.url.replace("__proto__=1", "__proto__=2"),
    refused: MISMATCH,
  },
  "an added __proto__ query is refused": {
    tamper: (request) => request.url += "&__proto__=1",
    refused: MISMATCH,
  },
  "a repeated query parameter that lost one is refused": {
    query: "?a=1&a=2",
    tamper: (request) => request.url = request.url.replace("&a=2", ""),
    refused: MISMATCH,
  },
  "an added x-amz-signature query is refused": {
    tamper: (request) => request.url += "&X-Amz-Signature=1",
    refused: MISMATCH,
  },
  "a signed date header is accepted": {
    sign: { headers: { date: "Fri, 12 Jun 2026 04:19:11 GMT" } },
  },
  "a changed date header is refused": {
    sign: { headers: { date: "Fri, 12 Jun 2026 04:19:11 GMT" } },
    tamper: (request) => request.headers.set("date", "Sat, 13 Jun 2026 04:19:11 GMT"),
    refused: MISMATCH,
  },
};

for (const [claim, attempt] of Object.entries(ATTEMPTS)) test(claim, () => tryOut(attempt));

test("a nameless query parameter beside one that only aws4fetch can sign is refused", async () => {
  await withMantle(async ({ origin }) => {
    const request = await signed(`${origin}/openai/v1/responses?__proto__=1`);
    const response = await fetch(`${request.url}&=2`, {
      method: "POST",
      headers: request.headers,
      body: request.body,
    });
    assert.equal(response.status, 400);
  });
});
