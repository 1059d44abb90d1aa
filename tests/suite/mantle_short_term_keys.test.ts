import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { EXAMPLE_CREDENTIALS, mantle } from "../../conformance/mantle/mod.ts";
import { mintKey } from "../../mod.ts";
import { mintShortTermKey } from "../../src/keys/short_term.ts";
import { webDigest } from "../../src/platform/digest.ts";
import { SESSION_CREDENTIALS, withMantleAs } from "../support/local_mantle.ts";
import { GPT, MISMATCH, REGION } from "../support/mantle_clients.ts";

const PREFIX = "bedrock-api-key-";
const UNKNOWN = /^The security token included in the request is invalid\.$/;
const INVALID = /^Invalid bearer token$/;
const NOW = Date.parse("2030-01-01T12:00:00Z");
const MINUTE = 60_000;
const IDENTITIES = { "lasting keys": EXAMPLE_CREDENTIALS, "session keys": SESSION_CREDENTIALS };

/** Returns the outcome of a key: "accepted", or the message of the refusal. */
async function outcome(key: string, now: number, region?: string): Promise<string> {
  const credentials = [EXAMPLE_CREDENTIALS, SESSION_CREDENTIALS];
  const response = await mantle({ bearerTokens: [], credentials, region, now: () => now })(
    new Request("http://127.0.0.1/v1/models", { headers: { authorization: `Bearer ${key}` } }),
  );
  if (response.status === 200) return "accepted";
  const { error } = await response.json();
  assert.deepEqual([response.status, error.code, error.type, error.param], [
    401,
    "invalid_api_key",
    "permission_denied_error",
    null,
  ]);
  return error.message;
}

interface Minting {
  readonly region?: string;
  readonly expiresInSeconds?: number;
}

/** Mints a key of ours, an hour ago by the server's clock. */
async function minted(
  identity = EXAMPLE_CREDENTIALS,
  { region = REGION, expiresInSeconds = 43_200 }: Minting = {},
): Promise<string> {
  const terms = { expiresInSeconds, now: NOW - 60 * MINUTE, digest: webDigest };
  return (await mintShortTermKey(identity, region, terms)).key;
}

/** Changes the URL inside a key, in which the pattern must occur. */
function tampered(key: string, pattern: RegExp, replacement: string): string {
  const url = atob(key.slice(PREFIX.length));
  assert.match(url, pattern);
  return PREFIX + btoa(url.replace(pattern, replacement));
}

for (const [name, credentials] of Object.entries(IDENTITIES)) {
  test(`a key of mintKey(), from ${name}, is accepted by both families`, async () => {
    const { key } = await mintKey({ ...credentials, region: REGION, env: {} });
    for (const endpoint of ["mantle", "runtime"] as const) {
      await withMantleAs({ bearerTokens: [], endpoint }, async ({ baseURL, received }) => {
        const client = new OpenAI({ apiKey: key, baseURL, maxRetries: 0 });
        const model = endpoint === "mantle" ? GPT : "us.openai.gpt-5.6-luna";
        await client.responses.create({ model, input: "Hi" });
        assert.deepEqual(received.map(({ auth }) => auth), ["bearer"]);
      });
    }
  });

  test(`a key of ${name} is accepted with its parameters in any order`, async () => {
    const key = await minted(credentials);
    assert.equal(await outcome(key, NOW), "accepted");
    const [host, query = ""] = atob(key.slice(PREFIX.length)).split("?");
    const reversed = query.split("&").reverse().join("&");
    assert.equal(await outcome(PREFIX + btoa(`${host}?${reversed}`), NOW), "accepted");
  });
}

const TAMPERED: Record<string, readonly [RegExp, string, RegExp]> = {
  "another region in its scope": [/us-west-2/, "eu-west-1", /valid region: 'us-west-2'\.$/],
  "another service in its scope": [/%2Fbedrock%2F/, "%2Fs3%2F", /correct service: 'bedrock'\.$/],
  "Mantle's service in its scope": [/%2Fbedrock%2F/, "%2Fbedrock-mantle%2F", /service: 'bedrock'/],
  "another terminator": [/aws4_request/, "aws5_request", /valid terminator/],
  "a scope of another day": [/%2F20300101%2F/, "%2F20291231%2F", /^Date in Credential scope/],
  "an unknown access key": [/AKIDEXAMPLE/, "AKIDOTHER", UNKNOWN],
  "a session token with lasting keys": [/$/, "&X-Amz-Security-Token=token", UNKNOWN],
  "another signature": [/Signature=....../, "Signature=000000", MISMATCH],
  "a longer life": [/Expires=42000/, "Expires=43200", MISMATCH],
  "a later start": [/Date=20300101T110000Z/, "Date=20300101T120000Z", MISMATCH],
  "a life beyond 12 hours": [/Expires=42000/, "Expires=43201", INVALID],
  "no life": [/Expires=42000/, "Expires=0", INVALID],
  "a date that no calendar has": [/T110000Z/, "T250000Z", INVALID],
  "another action": [/CallWithBearerToken/, "GetCallerIdentity", INVALID],
  "another host": [/^bedrock\.amazonaws\.com/, "bedrock.amazonews.com", INVALID],
  "another algorithm": [/SHA256/, "SHA512", INVALID],
  "another version": [/Version=1/, "Version=2", INVALID],
  "no version": [/&Version=1/, "", INVALID],
  "a parameter twice": [/$/, "&Version=1", INVALID],
  "a parameter too many": [/$/, "&color=red", INVALID],
  "other signed headers": [/SignedHeaders=host/, "SignedHeaders=host%3Bdate", INVALID],
  "a scope with a part too many": [/aws4_request/, "aws4_request%2Fmore", INVALID],
};

for (const [what, [pattern, replacement, refusal]] of Object.entries(TAMPERED)) {
  test(`a short-term key with ${what} is refused`, async () => {
    const key = await minted(EXAMPLE_CREDENTIALS, { expiresInSeconds: 42_000 });
    assert.equal(await outcome(key, NOW), "accepted");
    assert.match(await outcome(tampered(key, pattern, replacement), NOW), refusal);
  });
}

test("a short-term key of a wrong secret, or without its session, is refused", async () => {
  const wrong = await minted({ ...EXAMPLE_CREDENTIALS, secretAccessKey: "wrong" });
  assert.match(await outcome(wrong, NOW), MISMATCH);
  const token = /&X-Amz-Security-Token=[^&]*/;
  const session = await minted(SESSION_CREDENTIALS);
  assert.match(await outcome(tampered(session, token, ""), NOW), UNKNOWN);
  const other = await minted({ ...SESSION_CREDENTIALS, sessionToken: "other" });
  assert.match(await outcome(other, NOW), UNKNOWN);
});

test("a short-term key is accepted only in its own region", async () => {
  const key = await minted(EXAMPLE_CREDENTIALS, { region: "eu-west-1" });
  assert.equal(await outcome(key, NOW, "eu-west-1"), "accepted");
  assert.match(await outcome(key, NOW), /valid region: 'us-west-2'\.$/);
});

test("an expired short-term key is refused with the service's message, after five minutes", async () => {
  const key = await minted(EXAMPLE_CREDENTIALS, { expiresInSeconds: 3600 });
  assert.equal(await outcome(key, NOW + 5 * MINUTE), "accepted");
  assert.equal(
    await outcome(key, NOW + 6 * MINUTE),
    "Signature expired: 20300101T120000Z is now earlier than 20300101T120100Z " +
      "(20300101T120600Z - 5 min.)",
  );
});

test("a short-term key from a clock that is more than five minutes ahead is refused", async () => {
  const key = await minted();
  assert.equal(await outcome(key, NOW - 65 * MINUTE), "accepted");
  assert.match(
    await outcome(key, NOW - 66 * MINUTE),
    /^Signature not yet current: 20300101T110000Z/,
  );
});

test("a malformed short-term key is refused without being repeated", async () => {
  const key = await minted();
  const spaced = key.slice(PREFIX.length).replace("9j", "9 j");
  assert.equal(atob(spaced), atob(key.slice(PREFIX.length)));
  for (const text of ["", "very-secret", btoa("very-secret"), spaced]) {
    assert.match(await outcome(PREFIX + text, NOW), INVALID);
  }
});
