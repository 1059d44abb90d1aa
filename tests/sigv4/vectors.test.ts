import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Digest, fastestDigest, webDigest } from "../../src/platform/digest.ts";
import type { Pair } from "../../src/platform/headers.ts";
import {
  canonicalPairs,
  canonicalRequest,
  type SigningRequest,
} from "../../src/sigv4/canonical_request.ts";
import { formatAmzDate } from "../../src/sigv4/amz_date.ts";
import {
  authorization,
  presignQuery,
  signature,
  signingQuery,
  stringToSign,
} from "../../src/sigv4/sign.ts";
import { signingKey } from "../../src/sigv4/signing_key.ts";

/**
 * The folder of AWS's own test suite for Signature Version 4, which the project holds no copy of.
 *
 * @see https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
 */
const SUITE = process.env.SIGV4_VECTORS;
const CASES = 38;

/** Cases whose canonical path is another one here, each with the reason. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  "get-relative-relative-unnormalized": "keeps two `..`, as S3 does; this module resolves them",
  "get-relative-unnormalized": "keeps `..`, as S3 does; this module resolves it",
  "get-slash-dot-slash-unnormalized": "keeps `/./`, as S3 does; this module drops it",
  "get-slash-pointless-dot-unnormalized": "keeps `/./`, as S3 does; this module drops it",
  "get-slash-unnormalized": "keeps `//`, as S3 does; this module drops the empty segment",
  "get-slashes-unnormalized": "keeps `//`, as S3 does; this module drops the empty segments",
};

/** The content of `context.json`. */
interface Context {
  credentials: { access_key_id: string; secret_access_key: string; token?: string };
  region: string;
  service: string;
  sign_body: boolean;
  expiration_in_seconds: number;
  timestamp: string;
  omit_session_token?: boolean;
}

function readContext(name: string): Context {
  return JSON.parse(read(name, "context.json"));
}

function read(name: string, file: string): string {
  return readFileSync(join(SUITE!, name, file), "utf8");
}

/** Takes `request.txt` apart, without what a URL parser or `Headers` would do to it. */
function parseRequest(
  text: string,
): { request: Omit<SigningRequest, "payloadHash">; body: string } {
  const [head = "", body = ""] = text.split(/\n\n(.*)/s);
  // A line that starts with white space goes on with the value of the line before.
  const [requestLine = "", ...lines] = head.trimEnd().split(/\n(?![ \t])/);
  const [, method = "", target = ""] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const [path = "", query] = target.split(/\?(.*)/s);
  const headers = lines.map((line): Pair => {
    const [name = "", value = ""] = line.split(/:(.*)/s);
    return [name, value];
  });
  return { request: { method, path, query: [...new URLSearchParams(query)], headers }, body };
}

/** Loads the request of a case that is signed in a header. */
async function load(name: string, digest: Digest) {
  const context = readContext(name);
  const { access_key_id, secret_access_key, token } = context.credentials;
  const { request, body } = parseRequest(read(name, "request.txt"));
  const dateTime = formatAmzDate(Date.parse(context.timestamp));
  const payloadHash = await digest.sha256(body);
  const headers: Pair[] = [...request.headers, ["X-Amz-Date", dateTime]];
  if (context.sign_body) headers.push(["x-amz-content-sha256", payloadHash]);
  // The other case of the pair adds the token to the request after signing it.
  if (token && !context.omit_session_token) headers.push(["X-Amz-Security-Token", token]);
  return {
    request: { ...request, headers: canonicalPairs(headers), payloadHash },
    identity: { accessKeyId: access_key_id, secretAccessKey: secret_access_key },
    scope: { region: context.region, service: context.service },
    dateTime,
  };
}

/** Loads the request of a case that is signed in the query. */
async function loadPresigned(name: string, digest: Digest) {
  const { credentials: { token, ...keys }, ...context } = readContext(name);
  const { request, body } = parseRequest(read(name, "request.txt"));
  return {
    request: {
      ...request,
      headers: canonicalPairs(request.headers),
      payloadHash: await digest.sha256(body),
    },
    identity: {
      accessKeyId: keys.access_key_id,
      secretAccessKey: keys.secret_access_key,
      sessionToken: context.omit_session_token ? undefined : token,
    },
    scope: { region: context.region, service: context.service },
    validity: {
      dateTime: formatAmzDate(Date.parse(context.timestamp)),
      expiresInSeconds: context.expiration_in_seconds,
    },
    // One case adds the token to the query after signing it, right before the signature
    tokenAfter: context.omit_session_token ? token : undefined,
  };
}

if (SUITE) {
  const names = readdirSync(SUITE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();

  test("the AWS suite is complete, and every deviation names one of its cases", () => {
    assert.equal(names.length, CASES);
    for (const name of Object.keys(DEVIATIONS)) assert.ok(names.includes(name), name);
  });

  for (const name of names) addCase(name);
  for (const name of names) addPresignedCase(name);
} else {
  test("the AWS suite is compared stage by stage", (t) => {
    t.skip("the folder with AWS's Signature Version 4 suite is not there, so nothing was compared");
  });
}

/** Runs with the runtime's fastest digest, and with Web Crypto alone. */
function onBoth(run: (digest: Digest) => Promise<void>): () => Promise<void> {
  return async () => {
    for (const digest of [fastestDigest(), webDigest]) await run(digest);
  };
}

function addCase(name: string): void {
  const deviation = DEVIATIONS[name];

  test(
    `AWS suite: ${name}${deviation ? " deviates in its path only" : ""}`,
    onBoth(async (digest) => {
      const { request, identity, scope, dateTime } = await load(name, digest);
      const expected = read(name, "header-canonical-request.txt");
      const expectedText = read(name, "header-string-to-sign.txt");
      const expectedSignature = read(name, "header-signature.txt").trim();
      const signed = parseRequest(read(name, "header-signed-request.txt")).request.headers;
      const header = signed.find(([name]) => name === "Authorization")?.[1];

      assertCanonical(canonicalRequest(request), expected, deviation);
      assert.equal(stringToSign(await digest.sha256(expected), dateTime, scope), expectedText);
      const key = await signingKey(identity, dateTime.slice(0, 8), scope, digest);
      assert.equal(await key(expectedText), expectedSignature);

      const signing = { identity, scope, dateTime, digest };
      const made = await signature(request, signing);
      const value = authorization(request, signing, made);
      assert.ok(header?.endsWith(`Signature=${expectedSignature}`));
      if (deviation) assert.notEqual(value, header);
      else assert.equal(value, header);
    }),
  );
}

function addPresignedCase(name: string): void {
  const deviation = DEVIATIONS[name];

  test(
    `AWS suite, in the query: ${name}${deviation ? " deviates in its path only" : ""}`,
    onBoth(async (digest) => {
      const { request, identity, scope, validity, tokenAfter } = await loadPresigned(name, digest);
      const expected = read(name, "query-canonical-request.txt");
      const expectedText = read(name, "query-string-to-sign.txt");
      const expectedSignature = read(name, "query-signature.txt").trim();
      const signed = parseRequest(read(name, "query-signed-request.txt")).request.query;

      const { dateTime, expiresInSeconds } = validity;
      const by = { identity, scope, dateTime, digest };
      const signing = { ...request, query: signingQuery(request, by, expiresInSeconds) };
      assertCanonical(canonicalRequest(signing), expected, deviation);
      const text = stringToSign(await digest.sha256(expected), dateTime, scope);
      assert.equal(text, expectedText);
      const found = await signature(signing, by);
      if (deviation) assert.notEqual(found, expectedSignature);
      else assert.equal(found, expectedSignature);

      const query = await presignQuery(request, by, expiresInSeconds);
      const added: Pair[] = tokenAfter ? [["X-Amz-Security-Token", tokenAfter]] : [];
      const whole = [...query.slice(0, -1), ...added, ["X-Amz-Signature", expectedSignature]];
      assert.deepEqual(whole, signed);
      assert.deepEqual(query.at(-1), ["X-Amz-Signature", found]);
    }),
  );
}

/** Asserts that canonical requests are the same, except for the path of a deviation. */
function assertCanonical(found: string, expected: string, deviation: string | undefined): void {
  if (!deviation) return assert.equal(found, expected);
  const [lines, expectedLines] = [found.split("\n"), expected.split("\n")];
  assert.notEqual(lines[1], expectedLines[1], `no deviation any more: ${deviation}`);
  assert.deepEqual(lines.toSpliced(1, 1), expectedLines.toSpliced(1, 1));
}
