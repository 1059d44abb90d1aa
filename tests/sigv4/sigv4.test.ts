import assert from "node:assert/strict";
import { mock, test } from "node:test";
import fc from "fast-check";
import type { ResolveIdentity } from "../../src/auth/credentials.ts";
import { sigv4Scheme } from "../../src/auth/sigv4.ts";
import type { AwsCredentialIdentity } from "../../src/options.ts";
import { stableIdentity } from "../../src/auth/credentials.ts";
import { type Digest, fastestDigest, webDigest } from "../../src/platform/digest.ts";
import { createAuthenticator } from "../../src/auth/authenticator.ts";
import { resolveEndpoint } from "../../src/endpoint/endpoint.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import { canonicalURI } from "../../src/sigv4/canonical_request.ts";
import { signingKey } from "../../src/sigv4/signing_key.ts";
import {
  aws4fetch,
  rawPath,
  results,
  type Sample,
  sample,
  signed,
  smithy,
} from "../support/signing_judges.ts";

const RUNS = { numRuns: 300 };
const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const IDENTITY: AwsCredentialIdentity = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET };
const TEMPORARY = { ...IDENTITY, sessionToken: "session//token==" };
const SCOPE = { region: "us-west-2", service: "bedrock-mantle" } as const;
const MANTLE = "https://bedrock-mantle.us-west-2.api.aws/openai/v1";
const RESPONSE: Sample = {
  method: "POST",
  url: `${MANTLE}/responses`,
  covered: { "content-type": "application/json" },
  uncovered: {},
  body: '{"model":"openai.gpt-oss-120b","input":"Hello"}',
  identity: IDENTITY,
  ...SCOPE,
  now: Date.UTC(2026, 0, 2, 3, 4, 5),
};

/** Signs as the client's requests are signed. */
function send(resolve: ResolveIdentity, headers: Headers, method = "POST", now = RESPONSE.now) {
  const endpoint = resolveEndpoint(
    { baseURL: MANTLE, endpoint: "mantle", region: SCOPE.region },
    readEnvironment({}),
    { isSigned: true, profileRegion: undefined },
  );
  const plan = {
    mode: "sigv4",
    level: "options",
    source: "a test",
    renewal: "shared",
    identity: resolve,
  } as const;
  const body = method === "POST" ? RESPONSE.body : undefined;
  const rest = { body, signals: [], timeoutMs: undefined, credential: undefined };
  const request = { url: RESPONSE.url, method, headers, ...rest };
  const platform = { ...PLATFORM, now: () => now, digest: () => COUNTED };
  const clock = { machine: platform.now, offset: 0 };
  const scheme = sigv4Scheme(plan, endpoint, platform, clock, {});
  const parts = { baseURL: MANTLE, platform, clock, names: {} };
  return createAuthenticator(scheme, parts).authorize(request);
}

/** Counts the keys that are taken meanwhile, as any derivation does. */
async function takenKeys(run: () => Promise<unknown>): Promise<number> {
  const taken = KEYS.mock.callCount();
  await run();
  return KEYS.mock.callCount() - taken;
}

const KEYS = mock.fn(fastestDigest().hmac);
const COUNTED: Digest = { ...fastestDigest(), hmac: KEYS };

for (const [name, judge] of Object.entries({ "AWS's own signer": smithy, aws4fetch })) {
  test(`any request is signed as ${name} signs it`, async () => {
    const property = fc.asyncProperty(sample, async (sample) => {
      fc.pre(judge.canJudge(sample));
      const expected = await judge.signed(sample);
      for (const digest of [fastestDigest(), webDigest]) {
        assert.deepEqual(await signed(sample, digest), expected);
      }
    });
    await fc.assert(property, RUNS);
  });
}

test("a raw path is normalized as AWS's own signer does it", () => {
  fc.assert(fc.property(rawPath, (path) => canonicalURI(path) === smithy.path(path)), RUNS);
});

test("a request with the keys of AWS's documentation has the expected signature", async () => {
  const expected = "AWS4-HMAC-SHA256 " +
    "Credential=AKIDEXAMPLE/20260102/us-west-2/bedrock-mantle/aws4_request, " +
    "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, " +
    "Signature=5f7c78660295d614dca58a5f97336ca22944ca7daba40ede6032e4ecfe432b75";
  assert.equal((await signed(RESPONSE)).authorization, expected);
  assert.equal((await smithy.signed(RESPONSE)).authorization, expected);
});

test("a request with an SDK's headers is signed as AWS's own signer signs it", async () => {
  const headers = new Headers({
    ...RESPONSE.covered,
    accept: "application/json",
    "user-agent": "OpenAI/JS 7.0.0",
    "x-stainless-retry-count": "0",
    host: "elsewhere.example",
  });
  const found = await send(async () => TEMPORARY, headers);
  const expected = await smithy.signed({ ...RESPONSE, identity: TEMPORARY });
  assert.deepEqual(results(found.headers), expected);
  assert.deepEqual([found.body, found.headers.get("host")], [RESPONSE.body, null]);
});

test("only host, content-type and x-amz-* are signed", async () => {
  const covered = { ...RESPONSE.covered, "X-Amz-Meta": "a", "x-amz-z": "b" };
  const uncovered = { accept: "*/*", "content-length": "5", "x-api-key": "c", "x-amz": "d" };
  const { authorization } = await signed({ ...RESPONSE, covered, uncovered, identity: TEMPORARY });
  assert.equal(
    /SignedHeaders=([^,]+),/.exec(authorization ?? "")?.[1],
    "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta;x-amz-security-token;x-amz-z",
  );
});

test("a GET without a body has the hash of an empty body", async () => {
  const { headers, body } = await send(async () => IDENTITY, new Headers(), "GET");
  assert.equal(headers.get("x-amz-content-sha256"), EMPTY_HASH);
  assert.equal(headers.get("content-type"), null);
  assert.equal(body, undefined);
});

test("methods in lower case are signed as they are sent", async () => {
  assert.deepEqual(await signed({ ...RESPONSE, method: "post" }), await signed(RESPONSE));
});

test("the signing key is derived once per day, region, service and identity", async () => {
  const identity = { ...IDENTITY };
  const wanted = [SCOPE, { ...SCOPE, region: "us-east-1" }, { ...SCOPE, service: "bedrock" }]
    .flatMap((scope) => ["20260102", "20260103"].map((date) => ({ date, scope })));
  const derived = await takenKeys(async () =>
    await signingKey({ ...identity }, "20260102", SCOPE, COUNTED)
  );
  assert.ok(derived > 0);
  for (const { date, scope } of wanted) {
    const derive = async () => await signingKey(identity, date, scope, COUNTED);
    assert.equal(await takenKeys(() => Promise.all([derive(), derive()])), derived);
    assert.equal(await takenKeys(derive), 0);
  }
});

test("credentials that are resolved again share a signing key until a part of them changes", async () => {
  let current: AwsCredentialIdentity = TEMPORARY;
  const resolve = stableIdentity(async () => ({ ...current }));
  const sign = () => send(resolve, new Headers(RESPONSE.covered));
  assert.ok(await takenKeys(sign) > 0);
  assert.equal(await takenKeys(sign), 0);
  for (const changed of ["accessKeyId", "secretAccessKey", "sessionToken"] as const) {
    current = { ...current, [changed]: "changed" };
    const { headers } = await sign();
    assert.equal(await takenKeys(sign), 0, changed);
    assert.deepEqual(results(headers), await smithy.signed({ ...RESPONSE, identity: current }));
  }
});

test("a signing key that could not be derived is not cached", async () => {
  let busy = true;
  const digest: Digest = {
    ...webDigest,
    hmac: (key) => busy ? Promise.reject(new Error("busy")) : webDigest.hmac(key),
  };
  const identity = { accessKeyId: "AKIDBUSY", secretAccessKey: "busy" };
  const scope = { region: "us-west-2", service: "bedrock-mantle" };
  const derive = async () => await signingKey(identity, "20260102", scope, digest);
  await assert.rejects(derive(), { message: "busy" });
  busy = false;
  assert.ok(await derive());
});
