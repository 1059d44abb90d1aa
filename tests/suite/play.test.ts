import assert from "node:assert/strict";
import { test } from "node:test";
import { cassette } from "../../conformance/cassettes/mod.ts";
import type { Cassette, ExpectedRequest, PlayedResponse } from "../../conformance/cassette.ts";
import { EXAMPLE_BEARER_TOKEN } from "../../conformance/mantle/mod.ts";
import { play } from "../../conformance/play.ts";
import { ADMITTED, deck } from "../support/cassette_player.ts";

const BEARER = { authorization: `Bearer ${EXAMPLE_BEARER_TOKEN}` };
const ROOT = "https://bedrock-mantle.us-west-2.api.aws";
const PATH = "/openai/v1/responses";

function cassetteOf(request: Partial<ExpectedRequest>, ...responses: PlayedResponse[]): Cassette {
  const [first = { status: 200, headers: [], body: { json: {} } }, ...rest] = responses;
  return {
    version: 1,
    title: "A test",
    source: { kind: "synthetic", reference: "a test", date: "2026-11-23" },
    region: "us-west-2",
    endpoint: "mantle",
    exchanges: [first, ...rest].map((response) => ({
      request: { method: "POST", path: PATH, ...request },
      response,
    })),
  };
}

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | FormData;
}

function requestOf({ method = "POST", path = PATH, headers = {}, body }: Sent): Request {
  return new Request(ROOT + path, {
    method,
    headers: { ...BEARER, ...headers },
    body: body ?? null,
  });
}

/** Lists the mismatches of a request, as `field: expected / found`. */
async function differences(expected: Partial<ExpectedRequest>, sent: Sent): Promise<string[]> {
  const { handler, mismatches, unplayed } = play(cassetteOf(expected), ADMITTED);
  const response = await handler(requestOf(sent));
  const listed = mismatches().map(({ field, expected, found }) =>
    `${field}: ${expected} / ${found}`
  );
  assert.equal(response.status, listed.length ? 500 : 200);
  assert.equal(unplayed().length, listed.length ? 1 : 0);
  const { error } = await response.json();
  assert.equal(error?.param, mismatches()[0]?.field);
  return listed;
}

test("method, path and query must be those of the exchange", async () => {
  assert.deepEqual(await differences({}, {}), []);
  assert.deepEqual(await differences({}, { method: "DELETE" }), ['method: "POST" / "DELETE"']);
  assert.deepEqual(await differences({}, { path: "/v1/responses" }), [
    `path: "${PATH}" / "/v1/responses"`,
  ]);
  assert.deepEqual(await differences({}, { path: `${PATH}?a=1` }), [
    `path: "${PATH}" / "${PATH}?a=1"`,
  ]);
});

test("listed headers must be present, and forbidden ones absent", async () => {
  const project = { headers: [["OpenAI-Project", "proj_1"]] } as const;
  assert.deepEqual(await differences(project, { headers: { "openai-project": "proj_1" } }), []);
  assert.deepEqual(await differences(project, { headers: { "openai-project": "proj_2" } }), [
    "header OpenAI-Project: proj_1 / proj_2",
  ]);
  assert.deepEqual(await differences(project, {}), ["header OpenAI-Project: proj_1 / nothing"]);
  assert.deepEqual(await differences({ forbidden: ["X-Extra"] }, { headers: { "x-extra": "1" } }), [
    "header X-Extra: nothing / 1",
  ]);
});

test("credentials are masked in mismatches", async () => {
  const { handler, mismatches } = play(cassetteOf({ forbidden: ["authorization"] }), ADMITTED);
  const response = await handler(requestOf({}));
  assert.deepEqual(mismatches().map(({ found }) => found), ["Bearer (masked)"]);
  assert.ok(!(await response.text()).includes(EXAMPLE_BEARER_TOKEN));
});

test("the listed fields of a JSON body must be equal, at any depth", async () => {
  const body = { json: { model: "m", input: [{ role: "user" }], text: { format: { a: 1 } } } };
  const told = (sent: unknown) => differences({ body }, { body: JSON.stringify(sent) });
  const input = [{ role: "user", content: "Hi" }];
  assert.deepEqual(await told({ ...body.json, input, store: false }), []);
  assert.deepEqual(await told({ ...body.json, model: "n" }), ['body.model: "m" / "n"']);
  assert.deepEqual(await told({ ...body.json, input: [...input, ...input] }), [
    `body.input: [{"role":"user"}] / ${JSON.stringify([...input, ...input])}`,
  ]);
  assert.deepEqual(await told({ ...body.json, input: [{ role: "tool" }] }), [
    'body.input[0].role: "user" / "tool"',
  ]);
  assert.deepEqual(await told({ model: "m", input }), ['body.text: {"format":{"a":1}} / nothing']);
  assert.deepEqual(await told({ ...body.json, text: { format: {} } }), [
    "body.text.format.a: 1 / nothing",
  ]);
  assert.deepEqual(await differences({ body }, { body: "{" }), ['body: JSON / "{"']);
});

test("text and base64 must be equal byte for byte, and form fields as text", async () => {
  assert.deepEqual(await differences({ body: { text: "ü" } }, { body: "ü" }), []);
  assert.deepEqual(await differences({ body: { base64: "w7w=" } }, { body: "ü" }), []);
  assert.deepEqual(await differences({ body: { text: "ü" } }, { body: "u" }), ['body: "ü" / "u"']);
  assert.deepEqual(await differences({ body: { text: "ab" } }, { body: "abc" }), [
    'body: "ab" / "abc"',
  ]);
  const long = "x".repeat(300);
  assert.deepEqual(await differences({ body: { text: "" } }, { body: long }), [
    `body: "" / "${long.slice(0, 199)}…`,
  ]);
  const form = new FormData();
  form.append("purpose", "batch");
  form.append("file", new File(["a"], "a.txt"));
  const sent = { body: form };
  assert.deepEqual(await differences({ body: { form: { file: "a" } } }, sent), []);
  assert.deepEqual(await differences({ body: { form: { file: "b", more: "1" } } }, sent), [
    'body.file: "b" / "a"',
    'body.more: "1" / nothing',
  ]);
});

test("authentication is verified, and if it is refused, its form is checked", async () => {
  const expected = "authentication: an accepted bearer token or signature";
  const wrong = { headers: { authorization: "Bearer someone-else" } };
  assert.deepEqual(await differences({}, wrong), [`${expected} / Invalid bearer token`]);
  assert.deepEqual(await differences({ unauthenticated: true }, wrong), []);
  const malformed = { headers: { authorization: "AWS4-HMAC-SHA256 Credential=a" } };
  assert.deepEqual(await differences({ unauthenticated: true }, malformed), [
    "authentication: Bearer and a token, or AWS4-HMAC-SHA256 and its three parts / " +
    "another form (masked)",
  ]);
});

test("signatures are verified by the given clock", async () => {
  const init = { method: "POST", body: "{}" };
  const today = deck(cassetteOf({}), "sigv4");
  assert.equal((await today.fetch(today.origin + PATH, init)).status, 200);
  const later = deck(cassetteOf({}), "sigv4", () => Date.now() + 600_000);
  assert.equal((await later.fetch(later.origin + PATH, init)).status, 500);
  assert.match(later.mismatches()[0]?.found ?? "", /^Signature expired: /);
  const elsewhere = deck(cassetteOf({}), "sigv4", Date.now, { region: "eu-west-1" });
  assert.equal((await elsewhere.fetch(elsewhere.origin + PATH, init)).status, 500);
  assert.match(elsewhere.mismatches()[0]?.found ?? "", /scoped to a valid region: 'us-west-2'/);
});

test("a retry gets the second exchange, and a surplus request none", async () => {
  const { handler, mismatches, unplayed } = play(
    cassetteOf({}, { status: 500, headers: [] }, { status: 204, headers: [] }),
    ADMITTED,
  );
  assert.deepEqual(unplayed(), [`0: POST ${PATH}`, `1: POST ${PATH}`]);
  const responses = await Promise.all([handler(requestOf({})), handler(requestOf({}))]);
  assert.deepEqual(responses.map(({ status }) => status), [500, 204]);
  const surplus = await handler(requestOf({}));
  assert.equal(surplus.headers.get("x-should-retry"), "false");
  assert.deepEqual(mismatches(), [{
    exchange: 2,
    field: "request",
    expected: "no further request",
    found: `POST ${PATH}`,
  }]);
  assert.deepEqual(unplayed(), []);
});

test("a client does not retry a request that does not match", async () => {
  const { client, mismatches, unplayed } = deck(cassette("responses/gpt_text"));
  const again = client().withOptions({ maxRetries: 2 });
  const refused = again.responses.create({ model: "openai.gpt-oss-120b", input: "Hi" });
  await assert.rejects(refused, { status: 500, code: "cassette_mismatch", param: "body.model" });
  assert.deepEqual(mismatches(), [{
    exchange: 0,
    field: "body.model",
    expected: '"openai.gpt-5.6-luna"',
    found: '"openai.gpt-oss-120b"',
  }]);
  assert.deepEqual(unplayed(), ["0: POST /openai/v1/responses"]);
});
