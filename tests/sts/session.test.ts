import assert from "node:assert/strict";
import { test } from "node:test";
import { bedrock } from "../../mod.ts";
import { createWebIdentity } from "../../src/sts/web_identity.ts";
import type { Fetch, WebIdentityOptions } from "../../sts.ts";
import { fakePlatform, granted, play, refused } from "../support/fake_sts.ts";
import { rejects } from "../support/refusal.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const OPTIONS = { region: "us-west-2", roleArn: ARN, token: "token", env: {} };

const idOf = async (provided: Promise<{ accessKeyId: string }>) => (await provided).accessKeyId;

function providerOf(
  fetch: Fetch,
  platform = fakePlatform(),
  more: Partial<WebIdentityOptions> = {},
) {
  return createWebIdentity({ ...OPTIONS, fetch, ...more }, platform);
}

test("a session is reused until five minutes before it expires, and looked up once for all who wait", async () => {
  const platform = fakePlatform();
  const fetch = play(granted(1), granted(2, "2026-01-01T14:00:00Z"));
  const provider = providerOf(fetch, platform);
  const all = await Promise.all(Array.from({ length: 20 }, () => idOf(provider())));
  assert.deepEqual(new Set(all), new Set(["ASIA1"]));
  platform.time += 54 * 60_000;
  assert.equal(await idOf(provider()), "ASIA1");
  assert.equal(fetch.sent.length, 1);
  platform.time += 2 * 60_000;
  assert.equal(await idOf(provider()), "ASIA2");
  assert.equal(fetch.sent.length, 2);
});

test("forceRefresh gets another session", async () => {
  const fetch = play(granted(1), granted(2));
  const provider = providerOf(fetch);
  assert.equal(await idOf(provider()), "ASIA1");
  assert.equal(await idOf(provider({ forceRefresh: true })), "ASIA2");
  assert.equal(await idOf(provider()), "ASIA2");
});

test("each call resolves to an object of its own, on which AWS's clients may note something", async () => {
  const provider = providerOf(play(granted()));
  const [one, other] = [await provider(), await provider()];
  assert.deepEqual(one, {
    accessKeyId: "ASIA1",
    secretAccessKey: "secret",
    sessionToken: "session",
    expiration: new Date("2026-01-01T13:00:00Z"),
  });
  Object.assign(one, { accessKeyId: "changed", $source: {} });
  assert.equal(other.accessKeyId, "ASIA1");
  assert.equal(await idOf(provider()), "ASIA1");
});

test("what may pass is tried three times, with waits as AWS's SDK has them", async () => {
  const passing = [
    [() => refused(400, "IDPCommunicationError", "Timeout"), 50],
    [() => new Response("<html>", { status: 503 }), 50],
    [() => refused(500, "InternalFailure", ""), 50],
    [() => new TypeError("fetch failed"), 50],
    [() => refused(400, "Throttling", "Rate exceeded"), 1000],
    [() => refused(429, "TooManyRequests", ""), 1000],
  ] as const;
  for (const [fail, base] of passing) {
    const platform = fakePlatform();
    const fetch = play(fail(), fail(), granted());
    assert.equal(await idOf(providerOf(fetch, platform)()), "ASIA1");
    const [first = -1, second = -1, ...rest] = platform.waits;
    assert.deepEqual(rest, []);
    assert.ok(
      first >= 0 && first <= base && second >= 0 && second <= 2 * base,
      `${platform.waits}`,
    );
  }
});

test("what does not pass is said after three attempts", async () => {
  const platform = fakePlatform();
  const busy = () => refused(400, "Throttling", "Rate exceeded");
  const throttled = providerOf(play(busy(), busy(), busy()), platform);
  await rejects(
    throttled(),
    "credentials_failed",
    'Throttling: "Rate exceeded"',
    "too many requests",
  );
  const down = () => new TypeError("fetch failed");
  const unreachable = providerOf(play(down(), down(), down()), platform);
  await rejects(
    unreachable(),
    "credentials_failed",
    "No connection to STS at sts.us-west-2.amazonaws.com was made in 3 attempts",
  );
  assert.equal(platform.waits.length, 4);
});

test("a refusal is not retried", async () => {
  for (
    const [status, code] of [[403, "AccessDenied"], [400, "ValidationError"], [
      400,
      "MalformedPolicyDocument",
    ]] as const
  ) {
    const fetch = play(refused(status, code, "No."), granted());
    await rejects(providerOf(fetch)(), "credentials_failed", `with ${code}: "No"`);
    assert.equal(fetch.sent.length, 1);
  }
});

test("a redirect is not followed, and a response that is not STS's is said to be none", async () => {
  const headers = { location: "https://elsewhere.example/" };
  const redirecting = play(new Response(null, { status: 307, headers }), granted());
  await rejects(
    providerOf(redirecting)(),
    "credentials_failed",
    "redirected, which is not followed",
  );
  assert.deepEqual(redirecting.sent.map(({ url, redirect }) => [url, redirect]), [[
    "https://sts.us-west-2.amazonaws.com/",
    "manual",
  ]]);
  const words = ["without credentials or an error of its own", "`stsEndpoint` leads to STS"];
  await rejects(providerOf(play(new Response("<html>")))(), "credentials_failed", "200", ...words);
  const page = new Response("Forbidden", { status: 403 });
  await rejects(providerOf(play(page))(), "credentials_failed", "403", ...words);
  const endless = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(10_000)) });
  await rejects(providerOf(play(new Response(endless)))(), "credentials_failed", ...words);
});

test("credentials that no header can carry are refused", async () => {
  const body = "<AccessKeyId>a&#x20;b</AccessKeyId><SecretAccessKey>s</SecretAccessKey>";
  await rejects(
    providerOf(play(new Response(body)))(),
    "credentials_invalid",
    "`accessKeyId` from STS",
  );
});

test("the limit of a lookup ends one that hangs, and what it has sent is aborted", async () => {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const fetch: Fetch = (_, init) => {
    init?.signal?.addEventListener("abort", () => resolve());
    return new Promise(() => {});
  };
  const provider = providerOf(fetch, fakePlatform({ lookupLimitMs: 5 }));
  // Its timer does not keep a process alive, as a connection would
  const alive = setInterval(() => {}, 1_000);
  await rejects(provider(), "credentials_timeout", "5 ms");
  await aborted;
  clearInterval(alive);
});

test("a caller's own deadline ends its wait, not the lookup for others", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  const credentialProvider = providerOf(async () => (await held, granted()));
  const { fetch, url } = bedrock({
    region: "us-west-2",
    env: {},
    credentialProvider,
    fetch: async () => Response.json({ output: [] }),
  });
  const abort = new AbortController();
  const [impatient, patient] = [fetch(url, { signal: abort.signal }), fetch(url)];
  abort.abort(new Error("enough"));
  await assert.rejects(impatient, { message: "enough" });
  release();
  assert.equal((await patient).status, 200);
});

test("bedrock() passes on what STS refused, as a response that clients do not retry", async () => {
  const denied = refused(
    403,
    "AccessDenied",
    "Not authorized to perform sts:AssumeRoleWithWebIdentity",
  );
  const { fetch, url } = bedrock({
    region: "us-west-2",
    env: {},
    credentialProvider: providerOf(play(denied)),
  });
  await rejects(fetch(url), "credentials_failed", "AccessDenied", `trust policy of ${ARN}`);
});
