import assert from "node:assert/strict";
import { test } from "node:test";
import { SESSION_CREDENTIALS, withMantle, withMantleAs } from "../support/local_mantle.ts";
import type { Attempt } from "../support/mantle_clients.ts";
import { MISMATCH, outcome, PATH, rewrite, signed, tryOut } from "../support/mantle_clients.ts";

const amzDate = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
const UNKNOWN = /^The security token included in the request is invalid\.$/;
const MALFORMED = /^The Authorization header is neither Bearer nor AWS4-HMAC-SHA256$/;

const ATTEMPTS: Record<string, Attempt> = {
  "the service name bedrock is accepted too": { sign: { service: "bedrock" } },
  "another terminator is refused": {
    tamper: (request) => rewrite(request, /aws4_request/, "aws5_request"),
    refused: /valid terminator/,
  },
  "a scope of another day is refused": {
    tamper: (request) => rewrite(request, /\/\d{8}\//, "/20150830/"),
    refused: /^Date in Credential scope does not match/,
  },
  "an unknown key id is refused": { sign: { accessKeyId: "AKIDOTHER" }, refused: UNKNOWN },
  "a changed signature is refused": {
    tamper: (request) => rewrite(request, /.$/, "x"),
    refused: MALFORMED,
  },
  "unsorted signed headers are refused": {
    tamper: (request) => rewrite(request, /host;x-amz-date/, "x-amz-date;host"),
    refused: MALFORMED,
  },
  "signed headers without a name or with an impossible one are refused": {
    tamper: (request) => rewrite(request, /=content-type/, "=;(;content-type"),
    refused: MALFORMED,
  },
  "another algorithm is refused": {
    tamper: (request) => rewrite(request, /AWS4-HMAC-SHA256/, "AWS4-HMAC-SHA512"),
    refused: MALFORMED,
  },
  "a scope with a part too many is refused": {
    tamper: (request) => rewrite(request, /aws4_request/, "aws4_request/more"),
    refused: MALFORMED,
  },
  "a request without a date is refused": {
    tamper: (request) => request.headers.delete("x-amz-date"),
    refused: /^The x-amz-date header is missing or malformed$/,
  },
  "a date that no calendar has is refused": {
    sign: { datetime: "20260230T000000Z" },
    refused: /^The x-amz-date header is missing or malformed$/,
  },
  "an unsigned session token is accepted": {
    sign: { ...SESSION_CREDENTIALS, sessionToken: "" },
    tamper: (request) =>
      request.headers.set("x-amz-security-token", SESSION_CREDENTIALS.sessionToken),
  },
  "a missing session token is refused": {
    sign: { ...SESSION_CREDENTIALS, sessionToken: "" },
    refused: UNKNOWN,
  },
  "a session token with a permanent key is refused": {
    sign: { sessionToken: "token" },
    refused: UNKNOWN,
  },
  "a signed token that was removed and put back unsigned is refused": {
    sign: SESSION_CREDENTIALS,
    tamper: (request) => rewrite(request, /;x-amz-security-token/, ""),
    refused: MISMATCH,
  },
  "a request without Authorization is refused": {
    tamper: (request) => request.headers.delete("authorization"),
    refused: /^Missing Authentication Token$/,
  },
  "an unknown scheme is refused": {
    tamper: (request) => request.headers.set("authorization", "Basic c2VjcmV0"),
    refused: MALFORMED,
  },
};

for (const [claim, attempt] of Object.entries(ATTEMPTS)) test(claim, () => tryOut(attempt));

/** Dates relative to the start of the test, which can be long after this file is loaded. */
const DATES: Record<string, { minutes: number; refused?: RegExp }> = {
  "a date four minutes ago is accepted": { minutes: -4 },
  "a date six minutes ago is refused": {
    minutes: -6,
    refused: /^Signature expired: \d{8}T\d{6}Z is now earlier than \S+ \(\S+ - 5 min\.\)$/,
  },
  "a date four minutes ahead is accepted": { minutes: 4 },
  "a date six minutes ahead is refused": {
    minutes: 6,
    refused: /^Signature not yet current: \d{8}T\d{6}Z is still later than \S+ \(\S+ \+ 5 min\.\)$/,
  },
};

for (const [claim, { minutes, refused }] of Object.entries(DATES)) {
  test(claim, () => {
    const datetime = amzDate(Date.now() + minutes * 60_000);
    return tryOut({ sign: { datetime }, ...(refused && { refused }) });
  });
}

test("Runtime accepts only the service name bedrock", async () => {
  await withMantleAs({ endpoint: "runtime" }, async ({ origin }) => {
    assert.match(
      await outcome(await signed(origin + PATH)),
      /^Credential should be scoped to correct service: 'bedrock'\.$/,
    );
  });
});

test("a response never repeats a secret", async () => {
  await withMantle(async ({ origin }) => {
    for (
      const authorization of ["Bearer very-secret", "AWS4-HMAC-SHA256 very-secret", "very-secret"]
    ) {
      const response = await fetch(origin + PATH, { method: "POST", headers: { authorization } });
      const head = JSON.stringify([...response.headers]);
      assert.doesNotMatch(head + await response.text(), /very-secret/);
    }
  });
});
