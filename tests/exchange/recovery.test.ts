import assert from "node:assert/strict";
import { test } from "node:test";
import type OpenAI from "openai";
import { EXAMPLE_CREDENTIALS, mantle } from "../../conformance/mantle/mod.ts";
import { bedrock, type BedrockProviderOptions, type Fetch } from "../../mod.ts";
import { createBedrock } from "../../src/bedrock.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import { SESSION_CREDENTIALS } from "../support/local_mantle.ts";
import { forEverySdk } from "../support/sdk_versions.ts";

const REGION = "us-west-2";
const QUESTION = { model: "openai.gpt-5.4", input: "Say hello!" };
const OLD = { accessKeyId: "ASIAOLD", secretAccessKey: "old", sessionToken: "old" };
const EXPIRED = "The security token included in the request is expired";
const refused = (message: string) =>
  Response.json({ error: { code: "invalid_api_key", message, param: null, type: "t" } }, {
    status: 401,
  });

/** A service that lets in one credential, and what it was sent. */
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

/** Ways to authenticate that give out an old credential, until they are told to look afresh. */
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

forEverySdk(({ name, OpenAI }) => {
  test(`${name}: a credential that has ended is replaced, and the call is made once more`, async () => {
    const { told, options } = ways();
    for (const each of options) {
      const { sent, fetch } = service();
      const client: OpenAI = new OpenAI({
        ...bedrock({ region: REGION, env: {}, ...each, fetch }),
        maxRetries: 0,
      });
      const { output_text } = await client.responses.create(QUESTION);
      assert.match(output_text, /Say hello!/);
      assert.equal(sent.length, 2);
      assert.equal(await sent[0]?.text(), await sent[1]?.text());
    }
    assert.deepEqual(told, [undefined, { forceRefresh: true }, undefined, { forceRefresh: true }]);
  });
});

const WORDS = {
  "has ended": EXPIRED,
  "is not known": "The security token included in the request is invalid.",
  "is not known as a token": "Invalid bearer token",
  "does not fit its secret": "The request signature we calculated does not match the signature",
};

for (const [name, message] of Object.entries(WORDS)) {
  test(`a credential that ${name} is replaced`, async () => {
    const [credentialProvider] = ways().options;
    const { sent, fetch } = service(message);
    const whole = bedrock({ region: REGION, env: {}, ...credentialProvider, fetch });
    const body = JSON.stringify(QUESTION);
    assert.equal(
      (await whole.fetch(`${whole.url}/responses`, { method: "POST", body })).status,
      200,
    );
    assert.equal(sent.length, 2);
  });
}

test("what was sent first keeps its headers, though it is sent once more", async () => {
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

/** A way whose every credential is refused, and how often it was asked and sent to. */
async function refusedFor(
  message: string,
  options: BedrockProviderOptions,
  init: RequestInit = {},
) {
  let sent = 0;
  const fetch: Fetch = async () => (sent++, refused(message));
  const whole = bedrock({ region: REGION, env: {}, ...options, fetch });
  const answer = await whole.fetch(`${whole.url}/responses`, { method: "POST", ...init });
  const { error } = await answer.json();
  return { sent, status: answer.status, error };
}

test("a credential that is refused again is not replaced again, and the answer says what was tried", async () => {
  let lookups = 0;
  const credentialProvider = () => ({ ...OLD, accessKeyId: `ASIA${lookups++}` });
  const { sent, status, error } = await refusedFor(EXPIRED, { credentialProvider });
  assert.deepEqual([sent, lookups, status, error.code], [2, 2, 401, "invalid_api_key"]);
  assert.ok(
    error.message.startsWith(`${EXPIRED}. The AWS credentials have expired.`),
    error.message,
  );
});

test("where a fresh lookup gives the same credential, nothing is sent again", async () => {
  for (const options of [{ credentialProvider: () => OLD }, { tokenProvider: () => "old" }]) {
    const { sent, error } = await refusedFor(EXPIRED, options);
    assert.equal(sent, 1);
    assert.match(error.message, /Looked up again: the credentials are the same\.$/);
  }
  for (const options of [OLD, { apiKey: "old" }]) {
    const { sent, error } = await refusedFor(EXPIRED, options);
    assert.equal(sent, 1);
    assert.doesNotMatch(error.message, /afresh/);
  }
});

test("what a Request held is sent once, and its refusal is explained", async () => {
  const fetch: Fetch = async () => refused(EXPIRED);
  const whole = bedrock({ region: REGION, env: {}, tokenProvider: () => "old", fetch });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(QUESTION);
  const request = new Request(`${whole.url}/responses`, { method: "POST", headers, body });
  const answer = await whole.fetch(request);
  assert.equal(answer.status, 401);
  assert.match((await answer.json()).error.message, /The Bedrock API key has expired/);
});

test("where a fresh lookup fails, the answer says both", async () => {
  let lookups = 0;
  const credentialProvider = () => {
    if (lookups++) throw new Error("sealed");
    return OLD;
  };
  const { sent, error } = await refusedFor(EXPIRED, { credentialProvider });
  assert.equal(sent, 1);
  assert.match(
    error.message,
    /expired\. .*Looking the credentials up again failed: `credentialProvider` failed/,
  );
});

test("a denied permission and other failures are not tried again", async () => {
  const denied =
    "User: arn is not authorized to perform: bedrock-mantle:CreateInference on resource";
  for (const message of [denied, "Berm is not enabled for this account", "Something else"]) {
    let lookups = 0;
    const credentialProvider = () => (lookups++, OLD);
    const { sent } = await refusedFor(message, { credentialProvider });
    assert.deepEqual([sent, lookups], [1, 1], message);
  }
});

test("a body that can be read only once is not sent again", async () => {
  const body = new Blob(["x"]).stream();
  const init = { body, duplex: "half" } as RequestInit;
  const tokenProvider = (properties?: object) => properties ? "new" : "old";
  const { sent, error } = await refusedFor(EXPIRED, { tokenProvider }, init);
  assert.equal(sent, 1);
  assert.match(error.message, /its body can be read only once\.$/);
});

test("a refresh serves those who fail at the same time, and later failures have one of their own", async () => {
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

test("a refresh that brought nothing new is not remembered", async () => {
  const { sent, fetch } = service();
  const told: boolean[] = [];
  let onDisk = "old";
  let read = "old";
  const tokenProvider = ({ forceRefresh = false } = {}) => {
    told.push(forceRefresh);
    return read = forceRefresh ? onDisk : read;
  };
  const whole = bedrock({ region: REGION, env: {}, tokenProvider, fetch });
  const ask = async () =>
    (await whole.fetch(`${whole.url}/responses`, {
      method: "POST",
      body: JSON.stringify(QUESTION),
    }))
      .status;
  assert.equal(await ask(), 401);
  onDisk = "new";
  assert.equal(await ask(), 200);
  assert.deepEqual([sent.length, told], [3, [false, true, false, true]]);
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

const HOUR = 3_600_000;

/** A service whose clock is right, a machine whose clock is not, and what came of a request. */
async function skewed(
  offset: number,
  headers: (now: number) => HeadersInit,
  options = {},
  asks = true,
) {
  const handler = mantle({ region: REGION, credentials: [SESSION_CREDENTIALS] });
  let sent = 0;
  const world = { ...PLATFORM, now: () => Date.now() + offset };
  const whole = createBedrock(
    {
      region: REGION,
      env: {},
      ...SESSION_CREDENTIALS,
      ...options,
      fetch: async (input, init) => {
        sent++;
        const { status, body } = await handler(new Request(input, init));
        return new Response(body, { status, headers: headers(Date.now()) });
      },
    },
    { platform: world },
  );
  const ask = () =>
    whole.fetch(`${whole.url}/responses`, { method: "POST", body: JSON.stringify(QUESTION) });
  const first = asks ? await ask() : new Response();
  return { first, sent, ask, total: () => sent };
}

const dated = (now: number) => ({ date: new Date(now).toUTCString() });

test("a clock that is off is set right by the answer, once and for later requests", async () => {
  for (const offset of [-HOUR, HOUR]) {
    const { first, sent, ask, total } = await skewed(offset, dated);
    assert.deepEqual([first.status, sent], [200, 2]);
    assert.deepEqual([(await ask()).status, total()], [200, 3]);
  }
});

test("requests that were signed by the wrong clock at the same time are all made again", async () => {
  const { ask, total } = await skewed(-HOUR, dated, {}, false);
  const answers = await Promise.all([ask(), ask(), ask()]);
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
  // One that was signed last may have come to know the right time
  assert.ok(total() >= 4 && total() <= 6, `${total()} requests`);
});

test("a clock is not set by an answer that a cache kept, that has no date, one of another day or its own", async () => {
  const cached = (now: number) => ({ ...dated(now), age: "1" });
  const none = () => ({});
  const ofAnotherDay = (now: number) => dated(now + 30 * HOUR);
  const ofMachine = (now: number) => dated(now - HOUR);
  for (const headers of [cached, none, ofAnotherDay, ofMachine]) {
    const { first, sent } = await skewed(-HOUR, headers);
    assert.deepEqual([first.status, sent], [401, 1]);
    assert.match((await first.json()).error.message, /The clock of this machine is off/);
  }
});

test("a clock is not set over plain http", async () => {
  const options = { baseURL: "http://127.0.0.1:9/openai/v1", endpoint: "mantle" };
  const { first, sent } = await skewed(-HOUR, dated, options);
  assert.deepEqual([first.status, sent], [401, 1]);
});

test("what fails in sending again is told as it is, not as a failed lookup", async () => {
  const answers = [refused(EXPIRED), undefined];
  const fetch = (async () => answers.shift()) as unknown as Fetch;
  const credentialProvider = ({ forceRefresh } = { forceRefresh: false }) =>
    forceRefresh ? SESSION_CREDENTIALS : OLD;
  const way = bedrock(
    { region: REGION, env: {}, credentialProvider, fetch } as BedrockProviderOptions,
  );
  const { error } = await (await way.fetch(`${way.url}/models`)).json();
  assert.equal(error.code, "option_invalid");
  assert.match(error.message, /^`fetch` resolved to something/);
  assert.equal(answers.length, 0);
});
