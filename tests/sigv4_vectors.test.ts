import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { hex, utf8 } from "../src/bytes.ts";
import { hmacSha256, sha256 } from "../src/digest.ts";
import {
  canonicalRequest,
  type Pair,
  type SigningRequest,
} from "../src/sigv4/canonical_request.ts";
import { amzDate, authorization, stringToSign } from "../src/sigv4/sign.ts";
import { signingKey } from "../src/sigv4/signing_key.ts";

/**
 * AWS's own test suite for Signature Version 4, which the project holds no copy of.
 *
 * @see https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
 */
const SUITE = new URL("../../shared/vectors/aws-sig-v4/", import.meta.url);
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

/** What `context.json` says that matters in header mode. */
interface Context {
  credentials: { access_key_id: string; secret_access_key: string; token?: string };
  region: string;
  service: string;
  sign_body: boolean;
  timestamp: string;
  omit_session_token?: boolean;
}

function read(name: string, file: string): string {
  return readFileSync(new URL(`${name}/${file}`, SUITE), "utf8");
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

/** What a case gives to sign. */
async function load(name: string) {
  const context: Context = JSON.parse(read(name, "context.json"));
  const { access_key_id, secret_access_key, token } = context.credentials;
  const { request, body } = parseRequest(read(name, "request.txt"));
  const dateTime = amzDate(Date.parse(context.timestamp));
  const payloadHash = hex(await sha256(utf8(body)));
  const headers: Pair[] = [...request.headers, ["X-Amz-Date", dateTime]];
  if (context.sign_body) headers.push(["x-amz-content-sha256", payloadHash]);
  // The other case of the pair adds the token to the request after signing it.
  if (token && !context.omit_session_token) headers.push(["X-Amz-Security-Token", token]);
  return {
    request: { ...request, headers, payloadHash },
    identity: { accessKeyId: access_key_id, secretAccessKey: secret_access_key },
    scope: { region: context.region, service: context.service },
    dateTime,
  };
}

if (existsSync(SUITE)) {
  const names = readdirSync(SUITE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();

  test("the AWS suite is complete, and every deviation names one of its cases", () => {
    assert.equal(names.length, CASES);
    for (const name of Object.keys(DEVIATIONS)) assert.ok(names.includes(name), name);
  });

  for (const name of names) addCase(name);
} else {
  test("the AWS suite is compared stage by stage", (t) => {
    t.skip("the folder with AWS's Signature Version 4 suite is not there, so nothing was compared");
  });
}

function addCase(name: string): void {
  const deviation = DEVIATIONS[name];

  test(`AWS suite: ${name}${deviation ? " deviates in its path only" : ""}`, async () => {
    const { request, identity, scope, dateTime } = await load(name);
    const expected = read(name, "header-canonical-request.txt");
    const expectedText = read(name, "header-string-to-sign.txt");
    const signature = read(name, "header-signature.txt").trim();
    const signed = parseRequest(read(name, "header-signed-request.txt")).request.headers;
    const header = signed.find(([name]) => name === "Authorization")?.[1];

    const found = canonicalRequest(request);
    if (deviation) {
      const [lines, expectedLines] = [found.split("\n"), expected.split("\n")];
      assert.notEqual(lines[1], expectedLines[1], `no deviation any more: ${deviation}`);
      assert.deepEqual(lines.toSpliced(1, 1), expectedLines.toSpliced(1, 1));
    } else {
      assert.equal(found, expected);
    }
    assert.equal(await stringToSign(expected, dateTime, scope), expectedText);
    const key = await signingKey(identity, dateTime.slice(0, 8), scope);
    assert.equal(hex(await hmacSha256(key, expectedText)), signature);

    const value = await authorization(request, identity, scope, dateTime);
    assert.ok(header?.endsWith(`Signature=${signature}`));
    if (deviation) assert.notEqual(value, header);
    else assert.equal(value, header);
  });
}
