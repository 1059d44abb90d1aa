import assert from "node:assert/strict";
import { test } from "node:test";
import { withRawServer } from "../properties/raw_server.ts";
import { bedrock, type BedrockProviderOptions, type Fetch, mintKey } from "../../mod.ts";
import { BedrockOpenAI } from "../../openai.ts";
import { proxy } from "../../proxy/handler.ts";
import { credentialChain } from "../../src/aws/chain.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { RETRYING_PLATFORM } from "../../src/platform/retrying_platform.ts";
import { onMachine, section } from "../support/machine.ts";
import { refuses, rejects, SECRET } from "../support/refusal.ts";

const OPTIONS = { region: "us-west-2", apiKey: "key", env: {} } as const;

function throwing(): never {
  throw new Error("no");
}

/** Throws whatever it is asked. */
const HOSTILE = new Proxy({}, {
  get: throwing,
  getPrototypeOf: throwing,
  has: throwing,
  ownKeys: throwing,
});

test("an option that cannot be read is refused with what it threw", async () => {
  const region = { get: throwing };
  const options = Object.defineProperty({ ...OPTIONS }, "region", region);
  refuses(() => bedrock(options), "option_invalid", "`region`");
  refuses(() => bedrock(HOSTILE), "option_invalid", "cannot be read");
  await rejects(mintKey(Object.defineProperty({}, "region", region)), "option_invalid", "`region`");
  const nothing = null as unknown as object;
  refuses(() => new BedrockOpenAI(nothing), "option_invalid", "BedrockOpenAI");
});

test("an option is read once, so that what was checked is what is used", () => {
  const values = ["https://gateway.example/v1", "http://evil.example/v1"];
  const options = { ...OPTIONS } as BedrockProviderOptions;
  Object.defineProperty(options, "baseURL", { get: () => values.shift() });
  assert.equal(bedrock(options).url, "https://gateway.example/v1");
  assert.equal(values.length, 1);
});

test("options that change after bedrock() has read them change nothing", async () => {
  const sent: string[] = [];
  const fetch: Fetch = async (input) => (sent.push(String(input)), Response.json({}));
  const routes: [string, "/v1"][] = [];
  const keys = { accessKeyId: "AKID", secretAccessKey: SECRET };
  const options = { region: "us-west-2", env: {}, ...keys, fetch, routes, bufferLimit: 0 };
  const way = bedrock(options);
  routes.push(["own.*", "/v1"]);
  options.bufferLimit = 1_000;
  await way.fetch(`${way.url}/responses`, { method: "POST", body: '{"model":"own.a"}' });
  assert.deepEqual(sent, ["https://bedrock-mantle.us-west-2.api.aws/openai/v1/responses"]);
  const body = new Blob(["x"]).stream();
  const stream = { method: "POST", body, duplex: "half" } as RequestInit;
  await rejects(way.fetch(way.url, stream), "body_not_replayable");
});

test("routes, a session token and an env that throw where they are read are refused", async () => {
  const keys = { accessKeyId: "AKID", secretAccessKey: SECRET };
  const given = (more: object) => () => bedrock({ region: "us-west-2", env: {}, ...more });
  refuses(given({ apiKey: "key", routes: new Proxy([[]], { get: throwing }) }), "option_invalid");
  refuses(given({ ...keys, sessionToken: HOSTILE }), "credentials_invalid", "`sessionToken`");
  refuses(given({ apiKey: "key", region: undefined, env: HOSTILE }), "option_invalid", "`env`");
});

test("a callback may throw what throws where it is asked what it is", async () => {
  const tokenProvider = () => {
    throw HOSTILE;
  };
  const { fetch, url } = bedrock({ region: "us-west-2", env: {}, tokenProvider });
  await rejects(fetch(url), "credentials_failed", "`tokenProvider`");
});

test("a secret that could be a scheme is not shown", () => {
  const baseURL = "top-secret-value:x";
  refuses(() => bedrock({ ...OPTIONS, baseURL }), "base_url_invalid", "its scheme is not https");
  assert.throws(
    () => bedrock({ ...OPTIONS, baseURL }),
    (error: Error) => !error.message.includes("top-secret"),
  );
});

test("a token with a no-break space at an end is refused, as when it was copied from a page", () => {
  for (const apiKey of ["\u00a0key", "key\u00a0"]) {
    refuses(() => bedrock({ ...OPTIONS, apiKey }), "credentials_invalid", "white space");
  }
});

test("an answer of any status and in any words arrives with its id", async () => {
  for (const line of ["999 Odd", "600 Odd", "200 \xe9\xe8", "403 \xe9"]) {
    const text = `HTTP/1.1 ${line}\r\nx-amzn-requestid: r\r\ncontent-length: 2\r\n\r\n{}`;
    await withRawServer(text, async (origin) => {
      const { fetch, url } = bedrock({ ...OPTIONS, baseURL: origin });
      const theirs = await globalThis.fetch(`${url}/models`).catch(() => undefined);
      if (!theirs) return; // some runtimes refuse such a status
      const answer = await fetch(`${url}/models`).catch((error) => assert.fail(`${error}`));
      assert.equal(answer.status, Number(line.slice(0, 3)));
      assert.equal(answer.statusText, theirs.statusText);
      assert.equal(answer.headers.get("x-request-id"), "r");
      assert.equal(answer.ok, line.startsWith("2"));
    });
  }
});

test("an answer that somebody has read on the way is passed on as it is", async () => {
  for (const status of [200, 403]) {
    const fetch: Fetch = async () => {
      const headers = { "x-amzn-requestid": "r" };
      const answer = Response.json({ Message: "no" }, { status, headers });
      await answer.text();
      return answer;
    };
    const way = bedrock({ ...OPTIONS, fetch, idleTimeoutMs: 1_000 });
    const answer = await way.fetch(way.url);
    assert.equal(answer.status, status);
    assert.ok(answer.bodyUsed);
  }
});

test("a fetch that resolves to no Response is refused, and what it throws is thrown on", async () => {
  for (const value of [undefined, null, "text", {}, { status: 200 }]) {
    const fetch = (async () => value) as unknown as Fetch;
    const way = bedrock({ ...OPTIONS, fetch });
    await rejects(way.fetch(way.url), "option_invalid", "`fetch`");
  }
  const fetch: Fetch = async () => {
    throw HOSTILE;
  };
  const way = bedrock({ ...OPTIONS, fetch });
  const thrown = await way.fetch(way.url).then(() => undefined, (thrown) => ({ thrown }));
  assert.equal(thrown?.thrown, HOSTILE);
});

test("AWS's package is not asked where a role on the way needs an MFA code, as it would lose an error", async () => {
  await onMachine(async ({ write, home }) => {
    const role = { role_arn: "arn:aws:iam::123456789012:role/Reader" };
    await write(
      ".aws/config",
      section("profile work", { ...role, source_profile: "middle" }) +
        section("profile middle", { ...role, credential_source: "Environment", mfa_serial: "m" }),
    );
    let loads = 0;
    const env = readEnvironment({ HOME: home, AWS_ENDPOINT_URL: "http://127.0.0.1:1" });
    const look = credentialChain("work", env, RETRYING_PLATFORM, () => {
      loads++;
      return Promise.reject(new Error("loaded"));
    });
    await rejects(look(), "credentials_failed", "its role needs a code of an MFA device");
    assert.equal(loads, 0);
  });
});

test("the proxy says what it was answered where that is no status", async () => {
  await withRawServer("HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\n{}", async (origin) => {
    const handler = proxy({ url: origin, roots: [""], fetch: globalThis.fetch, key: "k" });
    const headers = { host: "127.0.0.1:8080", authorization: "Bearer k" };
    const answer = await handler(new Request("http://127.0.0.1:8080/models", { headers }));
    assert.equal(answer.status, 502);
    const theirs = await globalThis.fetch(`${origin}/models`).catch(() => undefined);
    const code = theirs ? "upstream_invalid" : "upstream_unreachable";
    assert.equal((await answer.json()).error.code, code);
  });
});

test("an answer of a package, whose body is no stream of the platform's, is passed on as it is", async () => {
  for (const status of [200, 302, 403, 503]) {
    const headers = new Headers({ "x-amzn-requestid": "r", location: "https://elsewhere.example" });
    const body = { pipe() {} };
    const given = { status, ok: status === 200, headers, body, bodyUsed: false, type: "default" };
    const fetch: Fetch = async () => given as unknown as Response;
    const way = bedrock({ ...OPTIONS, fetch, idleTimeoutMs: 1_000 });
    const answer = await way.fetch(`${way.url}/responses`, { method: "POST", body: "{}" });
    assert.equal(answer.status, status);
    if (status !== 302) assert.equal(answer.body, body);
  }
});
