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

test("an option that cannot be read is refused", async () => {
  const region = { get: throwing };
  const options = Object.defineProperty({ ...OPTIONS }, "region", region);
  refuses(() => bedrock(options), "option_invalid", "`region`");
  refuses(() => bedrock(HOSTILE), "option_invalid", "cannot be read");
  await rejects(mintKey(Object.defineProperty({}, "region", region)), "option_invalid", "`region`");
  const nothing = null as unknown as object;
  refuses(() => new BedrockOpenAI(nothing), "option_invalid", "BedrockOpenAI");
});

test("an option is read once, so that the value that was checked is used", () => {
  const values = ["https://gateway.example/v1", "http://evil.example/v1"];
  const options = { ...OPTIONS } as BedrockProviderOptions;
  Object.defineProperty(options, "baseURL", { get: () => values.shift() });
  assert.equal(bedrock(options).url, "https://gateway.example/v1");
  assert.equal(values.length, 1);
});

test("changes of options after bedrock() have no effect", async () => {
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

test("a secret that looks like a scheme is not shown", () => {
  const baseURL = "top-secret-value:x";
  refuses(() => bedrock({ ...OPTIONS, baseURL }), "base_url_invalid", "its scheme is not https");
  assert.throws(
    () => bedrock({ ...OPTIONS, baseURL }),
    (error: Error) => !error.message.includes("top-secret"),
  );
});

test("a token that begins or ends with a no-break space is refused", () => {
  for (const apiKey of ["\u00a0key", "key\u00a0"]) {
    refuses(() => bedrock({ ...OPTIONS, apiKey }), "credentials_invalid", "white space");
  }
});

test("a response with any status and reason arrives with its id", async () => {
  for (const line of ["999 Odd", "600 Odd", "200 \xe9\xe8", "403 \xe9"]) {
    const text = `HTTP/1.1 ${line}\r\nx-amzn-requestid: r\r\ncontent-length: 2\r\n\r\n{}`;
    await withRawServer(text, async (origin) => {
      const { fetch, url } = bedrock({ ...OPTIONS, baseURL: origin });
      const theirs = await globalThis.fetch(`${url}/models`).catch(() => undefined);
      if (!theirs) return; // some runtimes refuse such a status
      const response = await fetch(`${url}/models`).catch((error) => assert.fail(`${error}`));
      assert.equal(response.status, Number(line.slice(0, 3)));
      assert.equal(response.statusText, theirs.statusText);
      assert.equal(response.headers.get("x-request-id"), "r");
      assert.equal(response.ok, line.startsWith("2"));
    });
  }
});

test("a response that was already read is passed on unchanged", async () => {
  for (const status of [200, 403]) {
    const fetch: Fetch = async () => {
      const headers = { "x-amzn-requestid": "r" };
      const response = Response.json({ Message: "no" }, { status, headers });
      await response.text();
      return response;
    };
    const way = bedrock({ ...OPTIONS, fetch, idleTimeoutMs: 1_000 });
    const response = await way.fetch(way.url);
    assert.equal(response.status, status);
    assert.ok(response.bodyUsed);
  }
});

test("a fetch that resolves to no Response is refused, and its errors are rethrown", async () => {
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

test("AWS's package is not loaded if a role in the chain needs an MFA code", async () => {
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

test("the proxy reports an invalid status of the service", async () => {
  await withRawServer("HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\n{}", async (origin) => {
    const handler = proxy({ url: origin, roots: [""], fetch: globalThis.fetch, key: "k" });
    const headers = { host: "127.0.0.1:8080", authorization: "Bearer k" };
    const response = await handler(new Request("http://127.0.0.1:8080/models", { headers }));
    assert.equal(response.status, 502);
    const theirs = await globalThis.fetch(`${origin}/models`).catch(() => undefined);
    const code = theirs ? "upstream_invalid" : "upstream_unreachable";
    assert.equal((await response.json()).error.code, code);
  });
});

test("a response of a package with a foreign body is passed on unchanged", async () => {
  for (const status of [200, 302, 403, 503]) {
    const headers = new Headers({ "x-amzn-requestid": "r", location: "https://elsewhere.example" });
    const body = { pipe() {} };
    const given = { status, ok: status === 200, headers, body, bodyUsed: false, type: "default" };
    const fetch: Fetch = async () => given as unknown as Response;
    const way = bedrock({ ...OPTIONS, fetch, idleTimeoutMs: 1_000 });
    const response = await way.fetch(`${way.url}/responses`, { method: "POST", body: "{}" });
    assert.equal(response.status, status);
    if (status !== 302) assert.equal(response.body, body);
  }
});
