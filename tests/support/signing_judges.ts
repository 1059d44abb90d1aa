import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsV4Signer } from "aws4fetch";
import fc from "fast-check";
import type { AwsCredentialIdentity } from "../../src/options.ts";
import { type Digest, fastestDigest } from "../../src/platform/digest.ts";
import { isSignable, listHeaders } from "../../src/platform/headers.ts";
import { formatAmzDate } from "../../src/sigv4/amz_date.ts";
import { signHeaders } from "../../src/sigv4/sign.ts";

/** A request to sign, and everything that decides on its signature. */
export interface Sample {
  readonly method: string;
  readonly url: string;
  /** Headers that a signature covers, besides `host` and its own. */
  readonly covered: Readonly<Record<string, string>>;
  /** Headers that a signature leaves alone; the judges never see them. */
  readonly uncovered: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly identity: AwsCredentialIdentity;
  readonly region: string;
  readonly service: string;
  readonly now: number;
}

const RESULTS = ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"];

/** The headers that a signature consists of, or null where one is not there. */
export type Signed = Readonly<Record<string, string | null>>;

export function results(headers: Headers): Signed {
  return Object.fromEntries(RESULTS.map((name) => [name, headers.get(name)]));
}

async function payloadHash({ body = "" }: Sample): Promise<string> {
  return await fastestDigest().sha256(body);
}

/** This module. */
export async function signed(sample: Sample, digest: Digest = fastestDigest()): Promise<Signed> {
  const { method, url, covered, uncovered, identity, region, service, now } = sample;
  const headers = listHeaders(new Headers({ ...uncovered, ...covered })).filter(isSignable);
  const hash = await payloadHash(sample);
  const unsigned = { method, url: new URL(url), headers, payloadHash: hash };
  const added = await signHeaders(unsigned, { identity, scope: { region, service }, now, digest });
  return results(new Headers(added as [string, string][]));
}

/** Signs with AWS's own signer, which hashes the body itself. */
async function smithySigned(sample: Sample): Promise<Signed> {
  const { method, url, covered, body, identity, region, service, now } = sample;
  const { protocol, hostname, host, pathname: path, searchParams } = new URL(url);
  const names = new Set(searchParams.keys());
  const query = Object.fromEntries([...names].map((name) => [name, searchParams.getAll(name)]));
  const signer = new SignatureV4({ credentials: identity, region, service, sha256: Sha256 });
  const request = { method, protocol, hostname, path, query, headers: { ...covered, host }, body };
  const { headers } = await signer.sign(request, { signingDate: new Date(now) });
  return Object.fromEntries(RESULTS.map((name) => [name, headers[name] ?? null]));
}

/** Tells whether smithy can sign a sample: it keeps pairs in an object, and reserves one name. */
function smithyCanJudge({ url }: Sample): boolean {
  const names = [...new URL(url).searchParams.keys()];
  return !names.some((name) => name === "__proto__" || name.toLowerCase() === "x-amz-signature");
}

class SmithyPath extends SignatureV4 {
  of(path: string): string | undefined {
    const request = { method: "GET", protocol: "https:", hostname: "", path, headers: {} };
    return this.createCanonicalRequest(request, {}, "").split("\n")[1];
  }
}

/** Returns the canonical path. */
function smithyPath(path: string): string | undefined {
  const credentials = { accessKeyId: "", secretAccessKey: "" };
  return new SmithyPath({ credentials, region: "", service: "", sha256: Sha256 }).of(path);
}

export const smithy = { signed: smithySigned, canJudge: smithyCanJudge, path: smithyPath };

/** Signs with aws4fetch, which signs a content type only with all headers. */
async function aws4fetchSigned(sample: Sample): Promise<Signed> {
  const { method, url, covered, identity, region, service, now } = sample;
  const { accessKeyId, secretAccessKey, sessionToken } = identity;
  const headers = { ...covered, "x-amz-content-sha256": await payloadHash(sample) };
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  const rest = { region, service, datetime: formatAmzDate(now), allHeaders: true };
  const signer = new AwsV4Signer({ method, url, headers, ...keys, ...rest });
  return results((await signer.sign()).headers);
}

/**
 * Tells whether aws4fetch can sign a sample: it drops pairs without a name, and folds other white
 * space.
 */
function aws4fetchCanJudge({ url, covered }: Sample): boolean {
  return ![...new URL(url).searchParams.keys()].includes("") &&
    !Object.values(covered).some((value) => /[^\S \t]/.test(value));
}

export const aws4fetch = { signed: aws4fetchSigned, canJudge: aws4fetchCanJudge };

const raw = (...escaped: string[]) =>
  fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => {
    return escaped.reduce((all, one) => all.replaceAll(one, encodeURIComponent(one)), text);
  });

/** Between two slashes, with all that makes URL parsers and signers disagree. */
const segment = fc.oneof(
  fc.constantFrom("", ".", "..", "...", "%2e", "%2E%2e", "%2F", "%252F", "%", "%zz", "%FF"),
  fc.constantFrom("a:b", "a b", "a+b", "*'()!~", "a;b=c,d", "\\", "%C3%A9", "日本", "\u{1f600}"),
  fc.constantFrom("openai", "v1", "anthropic.claude-sonnet-4-v1:0", "us.meta%2Fllama3:1"),
  raw("?", "#"),
);

/** A path as it may stand in front of a URL parser. */
export const rawPath: fc.Arbitrary<string> = fc
  .array(segment, { maxLength: 6 }).map((segments) => `/${segments.join("/")}`);

/** Few enough to repeat, and close enough for a wrong sort order to show. */
const queryText = fc.oneof(
  fc.constantFrom("", "a", "A", "a-", "a.b", "a1", "b", "z", "~", "%7E", "a%20", "a+b", "a%2Bb"),
  fc.constantFrom("__proto__", "constructor", "toString", "x-amz-date", "a[]", "*'()!", "%", "%zz"),
  fc.constantFrom("%FF", "é", "%C3%A9", "日本", "\uff5e", "\u{1f600}", "/", "?", "%26", "%3D"),
  raw("#", "&", "="),
);
const queryPair = fc.tuple(queryText, fc.option(queryText, { nil: undefined }))
  .map(([name, value]) => value === undefined ? name : `${name}=${value}`);

/** White space by HTTP's count and not, and what is left alone between it. */
const headerValue = fc.string({
  unit: fc.constantFrom(...'aB1",;   \t\té\xa0\v\f'),
  maxLength: 12,
});
const headerSuffix = fc.oneof(
  fc.constantFrom("a", "a-b", "a1", "a_b", "A.c", "meta", "Meta-Data", "zone"),
  fc.stringMatching(/^[a-z0-9-]{1,8}$/),
);
const covered = fc.tuple(
  fc.option(headerValue, { nil: undefined }),
  fc.uniqueArray(fc.tuple(headerSuffix, headerValue), {
    selector: ([suffix]) => suffix.toLowerCase(),
    maxLength: 4,
  }),
).map(([contentType, others]) => ({
  ...(contentType !== undefined && { "Content-Type": contentType }),
  ...Object.fromEntries(others.map(([suffix, value]) => [`x-amz-${suffix}`, value])),
}));
const uncovered = fc.dictionary(
  fc.constantFrom("accept", "user-agent", "via", "traceparent", "x-amzn-trace-id", "x-amz"),
  fc.constantFrom("", "1", "a, b"),
);

const printable = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);

/** Requests of every kind that `fetch` can send. */
export const sample: fc.Arbitrary<Sample> = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
  url: fc.tuple(
    fc.constantFrom("https://bedrock-mantle.us-west-2.api.aws", "http://127.0.0.1:8080"),
    rawPath,
    fc.array(queryPair, { maxLength: 8 }),
  ).map(([origin, path, pairs]) => `${origin}${path}${pairs.length ? "?" : ""}${pairs.join("&")}`),
  covered,
  uncovered,
  body: fc.oneof(
    fc.constant(undefined),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  ),
  identity: fc.record({
    accessKeyId: printable,
    secretAccessKey: printable,
    sessionToken: fc.option(printable, { nil: undefined }),
  }),
  region: fc.constantFrom("us-west-2", "eu-central-1", "us-gov-east-1"),
  service: fc.constantFrom("bedrock-mantle", "bedrock"),
  now: fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) }),
});
