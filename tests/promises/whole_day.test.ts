import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { ReceivedRequest } from "../../conformance/mantle/mod.ts";
import { mantle } from "../../conformance/mantle/mod.ts";
import { createBedrock } from "../../src/bedrock.ts";
import { cacheUntilExpiry } from "../../src/auth/credential_cache.ts";
import type { FoundIdentity } from "../../src/auth/credentials.ts";
import { type Digest, fastestDigest } from "../../src/platform/digest.ts";
import { planMinting } from "../../src/keys/minting.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import { temporary } from "../support/machine.ts";

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 1, 28, 12);
const DAY = 24 * 60 * MINUTE;
const STEP = 5 * MINUTE;
/** Sessions of an hour are renewed five minutes before they end. */
const SESSIONS = Math.ceil((DAY + STEP) / (55 * MINUTE));
const AT_ONCE = 4;
const OPTIONS = { region: "us-west-2", env: {} };

/** Runs a day from noon to noon, in steps, with sessions of an hour. */
async function wholeDay(way: "sigv4" | "bearer") {
  const clock = { now: NOON };
  const received: ReceivedRequest[] = [];
  const sessions: FoundIdentity[] = [];
  const hmac = mock.fn(fastestDigest().hmac);
  const digest: Digest = { ...fastestDigest(), hmac };
  const world = { ...PLATFORM, now: () => clock.now, digest: () => digest };
  const lookUp = async (): Promise<FoundIdentity> => {
    const expiration = new Date(clock.now + 60 * MINUTE);
    const identity = { ...temporary(`session${sessions.length}`), expiration };
    sessions.push(identity);
    return identity;
  };
  const aws = {
    chain: () => cacheUntilExpiry(lookUp, world),
    profileRegion: () => undefined,
    regionAdvice: "",
  };
  const handler = mantle({
    region: OPTIONS.region,
    credentials: Array.from({ length: SESSIONS }, (_, each) => temporary(`session${each}`)),
    now: world.now,
    observe: (request) => void received.push(request),
  });
  const send: typeof globalThis.fetch = (input, init) => handler(new Request(input, init));
  const given = way === "sigv4"
    ? OPTIONS
    : { ...OPTIONS, tokenProvider: planMinting(OPTIONS, aws, world).token };
  const { url, fetch } = createBedrock({ ...given, fetch: send }, { aws, platform: world });
  const body = JSON.stringify({ model: "openai.gpt-5.4", input: "Hello" });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body };
  for (; clock.now <= NOON + DAY; clock.now += STEP) {
    const asked = Array.from({ length: AT_ONCE }, () => fetch(`${url}/responses`, init));
    for (const response of await Promise.all(asked)) {
      assert.equal(
        response.status,
        200,
        `${new Date(clock.now).toISOString()}: ${await response.text()}`,
      );
    }
  }
  return {
    sessions: sessions.length,
    authorizations: received.map(({ headers }) => headers.get("authorization") ?? ""),
    derived: hmac.mock.callCount() / 5,
  };
}

test("in a day, sessions are renewed, keys change at midnight UTC, and nothing is done twice", async () => {
  const { sessions, authorizations, derived } = await wholeDay("sigv4");
  assert.equal(sessions, SESSIONS, "a session is renewed when it is due, and only then");
  const scopes = authorizations.map((text) => /Credential=(\w+\/\d+)\//.exec(text)?.[1] ?? "");
  const days = new Set(scopes.map((scope) => scope.split("/")[1]));
  assert.deepEqual([...days], ["20260228", "20260301"]);
  // One key for each session and day that it was used on
  assert.equal(derived, new Set(scopes).size);
  assert.equal(new Set(scopes).size, SESSIONS + 1);
});

test("in a day, short-term keys are minted once for each session", async () => {
  const { sessions, authorizations } = await wholeDay("bearer");
  assert.equal(sessions, SESSIONS);
  assert.equal(new Set(authorizations).size, SESSIONS);
});
