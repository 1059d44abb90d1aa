import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { bedrock as officialProvider } from "openai/providers/bedrock/aws";
import { EXAMPLE_CREDENTIALS, parseMisbehaviours } from "../../conformance/mantle/mod.ts";
import { bedrock } from "../../mod.ts";
import { BEARER, BODY, GPT, PATH, REGION } from "../support/mantle_clients.ts";
import { withMisbehaving } from "../support/misbehaving_mantle.ts";

const HEADER = "x-mantle-misbehave";
const REQUEST = { model: GPT, input: "Hi" };

async function statuses(origin: string, words: string[]): Promise<number[]> {
  const seen: number[] = [];
  for (const word of words) {
    const headers = { ...BEARER, [HEADER]: word };
    const response = await fetch(origin + PATH, { method: "POST", headers, body: BODY });
    await response.body?.cancel();
    seen.push(response.status);
  }
  return seen;
}

test("parseMisbehaviours() reads every kind with its parameters", () => {
  assert.deepEqual(
    parseMisbehaviours(
      "latency; ms=5, 429;retry-after=1;times=2, 500, expired-token; id=mine, redirect, " +
        "redirect; to=https://a.example:8443, skew; seconds=-600, reset; after=0, stall, no-done",
    ),
    [
      { kind: "latency", ms: 5 },
      { kind: "429", retryAfter: 1, times: 2 },
      { kind: "500" },
      { kind: "expired-token" },
      { kind: "redirect" },
      { kind: "redirect", to: "https://a.example:8443" },
      { kind: "skew", seconds: -600 },
      { kind: "reset", after: 0 },
      { kind: "stall" },
      { kind: "no-done" },
    ],
  );
});

const WRONG: Record<string, RegExp> = {
  "": /^Unknown misbehaviour: use one of latency, 429, /,
  "503": /^Unknown misbehaviour/,
  "500,": /^Unknown misbehaviour/,
  "latency": /^"latency" needs "ms"$/,
  "latency; ms": /^Parameters of "latency" must be name=value, each once$/,
  "latency; ms=1; ms=2": /each once$/,
  "latency; ms=1e3": /^"ms" must be a whole number from 0 to 600000$/,
  "latency; ms=600001": /^"ms" must be/,
  "429; retry-after=-1": /^"retry-after" must be/,
  "429; after=1": /^"429" only has the parameters retry-after, times, id$/,
  "500; times=0": /^"times" must be a whole number from 1 /,
  "redirect; to=ftp://a.example": /^"to" must be an origin/,
  "redirect; to=https://a.example/path": /^"to" must be an origin/,
  "skew": /^"skew" needs "seconds"$/,
};

for (const [words, message] of Object.entries(WRONG)) {
  test(`parseMisbehaviours() refuses "${words}"`, () => {
    assert.throws(() => parseMisbehaviours(words), { name: "TypeError", message });
  });
}

test("a request can ask for misbehaviour in a header, with any client", async () => {
  const provider = (baseURL: string) =>
    bedrock({ ...EXAMPLE_CREDENTIALS, endpoint: "mantle", region: REGION, baseURL, env: {} });
  await withMisbehaving("", async ({ origin, received }) => {
    const openai = new OpenAI({ provider: provider(`${origin}/openai/v1`), maxRetries: 1 });
    const headers = { [HEADER]: "429; retry-after=0; times=1" };
    await openai.responses.create(REQUEST, { headers });
    // The first attempt was stopped, and the second arrived without the header
    assert.deepEqual(received.map(({ auth }) => auth), ["sigv4"]);
    assert.equal(received[0]?.headers.has(HEADER), false);
    assert.equal(new TextDecoder().decode(received[0]?.body), JSON.stringify(REQUEST));
    await assert.rejects(openai.responses.create(REQUEST, { headers: { [HEADER]: "500" } }));
    await openai.responses.create(REQUEST);
  });
});

test("the header does not break the signature of a client that signs all headers", async () => {
  await withMisbehaving("", async ({ origin, received }) => {
    const baseURL = `${origin}/openai/v1`;
    const options = { ...EXAMPLE_CREDENTIALS, endpoint: "mantle", region: REGION } as const;
    const openai = new OpenAI({ provider: officialProvider({ ...options, baseURL }) });
    await openai.responses.create(REQUEST, { headers: { [HEADER]: "latency; ms=1" } });
    const [request] = received;
    assert.equal(request?.auth, "sigv4");
    assert.match(request.headers.get("authorization") ?? "", /;x-mantle-misbehave/);
  });
});

test("turns are counted for each value of the header, which comes before the options", async () => {
  await withMisbehaving("expired-token; times=1", async ({ origin }) => {
    const words = ["429; times=1; id=a", "429; times=1; id=a", "429; times=1; id=a"];
    assert.deepEqual(await statuses(origin, words), [429, 401, 200]);
    assert.deepEqual(await statuses(origin, ["429; times=1; id=b", "500"]), [429, 500]);
  });
});

test("an invalid header is refused with 400, and the error lists the valid kinds", async () => {
  await withMisbehaving("", async ({ origin, received }) => {
    const headers = { ...BEARER, [HEADER]: "explode" };
    const response = await fetch(origin + PATH, { method: "POST", headers, body: BODY });
    assert.equal(response.status, 400);
    const { error } = await response.json();
    assert.match(error.message, /^x-mantle-misbehave: Unknown misbehaviour: use one of latency, /);
    assert.deepEqual(received, []);
  });
});
