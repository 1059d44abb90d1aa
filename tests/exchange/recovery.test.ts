import assert from "node:assert/strict";
import { test } from "node:test";
import { EXAMPLE_CREDENTIALS, mantle } from "../../conformance/mantle/mod.ts";
import { bedrock, type BedrockProviderOptions, type Fetch } from "../../mod.ts";
import { createBedrock } from "../../src/bedrock.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import { SESSION_CREDENTIALS } from "../support/local_mantle.ts";

const REGION = "us-west-2";
const QUESTION = { model: "openai.gpt-5.4", input: "Say hello!" };
const OLD = { accessKeyId: "ASIAOLD", secretAccessKey: "old", sessionToken: "old" };
const EXPIRED = "The security token included in the request is expired";
const refused = (message: string) =>
  Response.json({ error: { code: "invalid_api_key", message, param: null, type: "t" } }, {
    status: 401,
  });

/** Creates a service that accepts one credential, and records its requests. */
function service(message = EXPIRED) {
  const sent: Request[] = [];
  const handler = mantle({
    region: REGION,
    credentials: [EXAMPLE_CREDENTIALS],
    bearerTokens: ["new"],
  });
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push(request.clone());
    const authorization = request.headers.get("authorization") ?? "";
    return /ASIAOLD|Bearer old/.test(authorization) ? refused(message) : await handler(request);
  };
  return { sent, fetch };
}

/** Creates ways to authenticate that return an old credential until a refresh is forced. */
function ways() {
  const told: unknown[] = [];
  return {
    told,
    options: [
      {
        credentialProvider: (properties?: { forceRefresh?: boolean }) => {
          told.push(properties);
          return properties?.forceRefresh ? EXAMPLE_CREDENTIALS : OLD;
        },
      },
      {
        tokenProvider: (properties?: { forceRefresh?: boolean }) => {
          told.push(properties);
          return properties?.forceRefresh ? "new" : "old";
        },
      },
    ] as BedrockProviderOptions[],
  };
}

test("the headers of the first attempt do not change on retry", async () => {
  for (const each of ways().options) {
    const { fetch } = service();
    const sent: Headers[] = [];
    const send: Fetch = (url, init) => (sent.push(init?.headers as Headers), fetch(url, init));
    const whole = bedrock({ region: REGION, env: {}, ...each, fetch: send });
    const body = JSON.stringify(QUESTION);
    await whole.fetch(`${whole.url}/responses`, { method: "POST", body });
    const [first, second] = sent.map((headers) => headers.get("authorization") ?? "");
    assert.match(
      `${first} | ${second}`,
      /(?:ASIAOLD|Bearer old).* \| (?!.*(?:ASIAOLD|Bearer old))/,
    );
  }
});

test("a credential that is refused again is not replaced again, and the response says why", async () => {
  let [lookups, sent] = [0, 0];
  const credentialProvider = () => ({ ...OLD, accessKeyId: `ASIA${lookups++}` });
  const fetch: Fetch = async () => (sent++, refused(EXPIRED));
  const whole = bedrock({ region: REGION, env: {}, credentialProvider, fetch });
  const response = await whole.fetch(`${whole.url}/responses`, { method: "POST" });
  const { code, message } = (await response.json()).error;
  assert.deepEqual([sent, lookups, response.status, code], [2, 2, 401, "invalid_api_key"]);
  assert.ok(message.startsWith(`${EXPIRED}. The AWS credentials have expired.`), message);
});

test("a refresh is shared by concurrent failures, and later failures trigger another", async () => {
  const { sent, fetch } = service();
  const clock = { now: Date.now() };
  let fresh = "old2";
  const told: unknown[] = [];
  const tokenProvider = (
    properties?: object,
  ) => (told.push(properties), properties ? fresh : "old");
  const whole = createBedrock({ region: REGION, env: {}, tokenProvider, fetch }, {
    platform: { ...PLATFORM, now: () => clock.now },
  });
  const ask = async () =>
    (await whole.fetch(`${whole.url}/responses`, {
      method: "POST",
      body: JSON.stringify(QUESTION),
    }))
      .status;
  assert.equal(await ask(), 401);
  fresh = "new";
  clock.now += 5_000;
  assert.equal(await ask(), 200);
  assert.equal(sent.length, 4);
  assert.equal(told.filter(Boolean).length, 2);
});

test("an abort ends the refresh", async () => {
  const abort = new AbortController();
  const credentialProvider = (properties?: object) => {
    if (!properties) return OLD;
    setTimeout(() => abort.abort(), 5);
    return new Promise<never>(() => {});
  };
  const { fetch } = service();
  const whole = bedrock({ region: REGION, env: {}, credentialProvider, fetch });
  await assert.rejects(whole.fetch(whole.url, { signal: abort.signal }), { name: "AbortError" });
});

test("concurrent requests that were signed by a wrong clock are all retried", async () => {
  const handler = mantle({ region: REGION, credentials: [SESSION_CREDENTIALS] });
  let sent = 0;
  const fetch: Fetch = async (input, init) => {
    sent++;
    const { status, body } = await handler(new Request(input, init));
    return new Response(body, { status, headers: { date: new Date().toUTCString() } });
  };
  const platform = { ...PLATFORM, now: () => Date.now() - 3_600_000 };
  const options = { region: REGION, env: {}, ...SESSION_CREDENTIALS, fetch };
  const whole = createBedrock(options, { platform });
  const init = { method: "POST", body: JSON.stringify(QUESTION) };
  const ask = () => whole.fetch(`${whole.url}/responses`, init);
  const responses = await Promise.all([ask(), ask(), ask()]);
  assert.deepEqual(responses.map(({ status }) => status), [200, 200, 200]);
  // One that was signed last may use the corrected time at once
  assert.ok(sent >= 4 && sent <= 6, `${sent} requests`);
});

test("a failure to send the retry is not reported as a failed lookup", async () => {
  const responses = [refused(EXPIRED), undefined];
  const fetch = (async () => responses.shift()) as unknown as Fetch;
  const credentialProvider = ({ forceRefresh } = { forceRefresh: false }) =>
    forceRefresh ? SESSION_CREDENTIALS : OLD;
  const way = bedrock(
    { region: REGION, env: {}, credentialProvider, fetch } as BedrockProviderOptions,
  );
  const { error } = await (await way.fetch(`${way.url}/models`)).json();
  assert.equal(error.code, "option_invalid");
  assert.match(error.message, /^`fetch` resolved to something/);
  assert.equal(responses.length, 0);
});
