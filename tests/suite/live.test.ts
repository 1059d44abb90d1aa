import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Cassette } from "../../conformance/cassette.ts";
import { CASSETTES } from "../../conformance/cassettes/mod.ts";
import { liveCalls } from "../../conformance/live/calls.ts";
import { compareResponse } from "../../conformance/live/compare_response.ts";
import type { LiveResponse } from "../../conformance/live/make_call.ts";
import { recording } from "../../conformance/live/recording.ts";
import { openAccount } from "../../conformance/live/account.ts";
import { runLive } from "../../conformance/live/run_live.ts";
import { secretsIn } from "../../conformance/secrets/scan.ts";
import { eventTypes, shapeDifferences, shapeOf } from "../../conformance/live/shape.ts";

import { EXAMPLE_BEARER_TOKEN } from "../../conformance/mantle/mod.ts";
import { assertSilent, SECRETS } from "../properties/secrets.ts";
import { allSpellings, spelled } from "../properties/spelled.ts";
import { bedrock } from "../../mod.ts";
import { withMantle, withServer } from "../support/local_mantle.ts";

const ORIGIN = "https://bedrock-mantle.us-west-2.api.aws";
const PLACE = { region: "us-west-2", origin: ORIGIN, date: "2030-01-02" };

const response = (status: number, text: string) => ({ status, headers: [], text, chunks: [] });

test("a live run prints its calls and tokens first, then the result of each call", async () => {
  await withMantle(async ({ baseURL, received }) => {
    const lines: string[] = [];
    const account = openAccount(bedrock, { baseURL, apiKey: EXAMPLE_BEARER_TOKEN, env: {} });
    const print = (line: string) => {
      if (lines.length === 0) assert.equal(received.length, 0, "nothing is called before");
      lines.push(line);
    };
    const counts = await runLive({ account, region: "us-west-2", cassettes: CASSETTES, print });
    const calls = liveCalls(CASSETTES).length;
    assert.ok(calls >= 14);
    assert.match(
      lines[0] ?? "",
      new RegExp(`^${calls} calls to http://127.* at most \\d+ tokens:`),
    );
    assert.equal(counts.asExpected + counts.different, calls, lines.join("\n"));
    assert.ok(counts.asExpected >= 8, lines.join("\n"));
    assert.ok(!lines.join("\n").includes(EXAMPLE_BEARER_TOKEN));
  });
});

test("a refused credential is a failure that ends the run", async () => {
  await withMantle(async ({ baseURL, received }) => {
    const lines: string[] = [];
    const account = openAccount(bedrock, { baseURL, apiKey: "another-token", env: {} });
    const print = (line: string) => void lines.push(line);
    const counts = await runLive({ account, region: "us-west-2", cassettes: CASSETTES, print });
    assert.deepEqual([counts.failed, received.length], [1, 1]);
    assert.equal(
      lines.at(-1),
      "failed      models/list: The credential was refused: Invalid bearer token",
    );
  });
});

test("a recorded run writes private files, which are cassettes of the responses", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bedrock-"));
  try {
    await withMantle(async ({ baseURL, received }) => {
      const lines: string[] = [];
      const run = {
        account: openAccount(bedrock, { baseURL, apiKey: EXAMPLE_BEARER_TOKEN, env: {} }),
        region: "us-west-2",
        cassettes: new Map([...CASSETTES].filter(([id]) => id.startsWith("responses/gpt_text"))),
        recordTo: folder,
        print: (line: string) => void lines.push(line),
        now: () => Date.UTC(2030, 0, 2),
      };
      assert.equal((await runLive(run)).failed, 0, lines.join("\n"));
      const [plain, streamed] = await Promise.all(
        ["gpt_text", "gpt_text_streamed"].map(async (name) => {
          const path = join(folder, "responses", `${name}.json`);
          if (process.platform !== "win32") assert.equal((await stat(path)).mode & 0o777, 0o600);
          return JSON.parse(await readFile(path, "utf8"));
        }),
      );
      assert.equal(plain.source.kind, "synthetic", "this machine is not the service");
      assert.equal(plain.source.date, "2030-01-02");
      assert.match(plain.exchanges[0].response.body.json.id, /^\{\{response-id-1\}\}$/);
      assert.ok(streamed.exchanges[0].response.chunks.length >= 1);
      assert.ok(!JSON.stringify([plain, streamed]).includes(EXAMPLE_BEARER_TOKEN));
      const before = received.length;
      await assert.rejects(
        runLive(run),
        /^Error: Cannot record: .*gpt_text\.json already exists\. Choose another folder$/,
      );
      assert.equal(received.length, before, "nothing is called in vain");
      assert.equal((await readdir(join(folder, "responses"))).length, 2);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a likely secret is named by kind and never written", () => {
  const secrets = [
    "AKIAIOSFODNN7EXAMPLE",
    `ABSK${"a".repeat(40)}`,
    `bedrock-api-key-${"a".repeat(40)}`,
    "account 123456789012",
    "The account is 123456789012. Ask its owner",
    "account 1234-5678-9012",
    "123456789012.dkr.ecr.us-west-2.amazonaws.com",
    "account \\u0031\\u0032\\u0033\\u003456789012",
    "eyJhbGciOiJI.eyJzdWIiOiIx.sig",
    `Signature=${"0".repeat(64)}`,
    `Bearer ${"x".repeat(20)}`,
    `IQoJ${"b".repeat(40)}`,
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE1",
  ];
  for (const secret of secrets) {
    assert.equal(secretsIn(`"${secret}"`).length, 1, secret);
    const call = liveCalls(CASSETTES)[2];
    assert.ok(call);
    const recorded = recording(call, response(200, JSON.stringify({ text: secret })), PLACE);
    assert.ok("secrets" in recorded, secret);
    assert.ok(!recorded.secrets.join().includes(secret));
  }
  assert.deepEqual(secretsIn('{"created_at":1784324967.0,"id":"resp_abc","n":1234567890}'), []);
  assert.deepEqual(secretsIn("took 0.123456789012 s, 123456789012.5 in all"), []);
});

test("no cassette of the suite seems to contain a secret", () => {
  for (const [id, cassette] of CASSETTES) {
    assert.deepEqual(secretsIn(JSON.stringify(cassette), [EXAMPLE_BEARER_TOKEN]), [], id);
  }
});

test("a token is recognized with other characters between its own", () => {
  const token = "kPq7Zr2LmVt9XsBw4Nc6JdYh8GfEaUo3";
  for (const between of ["\u200b", "\ufe0f", "\u034f", "\0", ".", '" + "', "\n> "]) {
    const text = [...token].join(between);
    assert.deepEqual(secretsIn(text, [token]), ["the credential in use"], JSON.stringify(between));
  }
  const wide = btoa([...token].map((character) => `${character}\0`).join(""));
  assert.deepEqual(secretsIn(wide, [token]), ["the credential in use"]);
});

const TOKEN = SECRETS.apiKey;

/** Runs with a token that has no known pattern, against a server with one response. */
async function linesOfRun(response: () => Response, recordTo?: string): Promise<string[]> {
  const lines: string[] = [];
  await withServer(response, async (origin) => {
    const baseURL = `${origin}/openai/v1`;
    await runLive({
      account: openAccount(bedrock, { baseURL, apiKey: TOKEN, env: {} }),
      region: "us-west-2",
      cassettes: new Map([...CASSETTES].filter(([id]) => id === "responses/gpt_text_streamed")),
      recordTo,
      print: (line) => void lines.push(line),
    });
  });
  return lines;
}

test("a refusal that repeats the token in any encoding is printed without it", async () => {
  for (const spelling of allSpellings) {
    const message = `Wrong: ${spelled(TOKEN, [spelling])}`;
    const error = { code: "invalid_api_key", message };
    const lines = await linesOfRun(() => Response.json({ error }, { status: 401 }));
    const last = lines.at(-1) ?? "";
    assertSilent(last, spelling);
    assert.ok(!last.includes(message), last);
    assert.match(last, /^failed {6}responses\/gpt_text_streamed: |^\*\*\* \(not shown/, spelling);
  }
  const plain = { code: "invalid_api_key", message: `Wrong: ${TOKEN}, of 123456789012.` };
  const lines = await linesOfRun(() => Response.json({ error: plain }, { status: 401 }));
  assert.match(lines.at(-1) ?? "", /: The credential was refused: Wrong: \*\*\*, of \*\*\*\.$/);
});

test("control characters of a response are printed as code points", async () => {
  const message = "\x1b[2J\x9b31m\x7f\r\u202egnp\u2066";
  const error = { code: "invalid_api_key", message };
  const lines = await linesOfRun(() => Response.json({ error }, { status: 401 }));
  assert.match(
    lines.at(-1) ?? "",
    /: \\u\{1b\}\[2J\\u\{9b\}31m\\u\{7f\}\\u\{d\}\\u\{202e\}gnp\\u\{2066\}$/,
  );
  const stream = `data: ${JSON.stringify({ type: message })}\n\n`;
  const others = await linesOfRun(() => new Response(stream));
  for (const line of [...lines, ...others]) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
});

test("a stream that repeats the token in pieces, in any encoding, is not recorded", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bedrock-"));
  try {
    for (const spelling of allSpellings) {
      const pieces = spelled(TOKEN, [spelling]).match(/[^]{1,5}/g) ?? [];
      const events = pieces.map((delta) => `data: ${JSON.stringify({ type: "a", delta })}\n\n`);
      const headers = { "content-type": "text/event-stream" };
      const lines = await linesOfRun(() => new Response(events.join(""), { headers }), folder);
      assert.equal(
        lines.at(-1),
        "not written responses/gpt_text_streamed: it seems to contain the credential in use",
        spelling,
      );
    }
    assert.deepEqual(await readdir(folder), []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Creates a response in two chunks. */
function streamed(first: string, second: string): LiveResponse {
  const headers = [["content-type", "text/event-stream"]] as const;
  const chunks = [{ afterMs: 1, text: first }, { afterMs: 2, text: second }];
  return { status: 200, headers, text: first + second, chunks };
}

test("a secret or an id is found even if it is split between two chunks", () => {
  const call = liveCalls(CASSETTES)[2];
  assert.ok(call);
  assert.ok("secrets" in recording(call, streamed("a AKIAIOSF", "ODNN7EXAMPLE b"), PLACE));
  const sent = recording(call, streamed("my-to", "ken"), PLACE, ["my-token"]);
  assert.ok("secrets" in sent);
  const { cassette } = recording(call, streamed("arn:aws:iam::123456", "789012:user/a"), PLACE) as {
    cassette: Cassette;
  };
  const { response } = cassette.exchanges[0] as Cassette["exchanges"][0];
  const texts = "chunks" in response ? response.chunks : [];
  assert.deepEqual(texts, [
    { afterMs: 1, text: "arn:aws:iam::{{account-id-1}}" },
    { afterMs: 2, text: ":user/a" },
  ]);
});

test("an account number in a message is replaced by a placeholder", () => {
  const call = liveCalls(CASSETTES)[2];
  assert.ok(call);
  const text = JSON.stringify({ error: { message: "User: arn:aws:iam::123456789012:user/a" } });
  const recorded = recording(call, response(401, text), PLACE);
  assert.ok("cassette" in recorded);
  assert.equal(recorded.cassette.source.kind, "recorded");
  assert.match(JSON.stringify(recorded.cassette), /arn:aws:iam::\{\{account-id-1\}\}:user/);
});

test("a response is compared by its shape, and calls that the account lacks are skipped", () => {
  const expected = {
    status: 200,
    headers: [],
    body: { json: { id: "a", usage: { total: 1 }, list: [{ x: 1 }] } },
  };
  const judge = (status: number, value: unknown) =>
    compareResponse(expected, response(status, JSON.stringify(value)));
  const same = { id: "b", usage: { total: 2 }, list: [{ x: 2 }, { x: 3 }] };
  assert.deepEqual(judge(200, same), { result: "as expected" });
  assert.deepEqual(judge(200, { ...same, usage: null }), { result: "as expected" });
  const different = judge(200, { id: 1, list: [{ y: 1 }], more: true });
  assert.ok(different.result === "different");
  assert.deepEqual(different.differences, [
    "id is number, not string",
    "usage is missing",
    "list[].x is missing",
    "list[].y is new",
    "more is new",
  ]);
  const denied = { error: { message: "openai.gpt-5.5 is not available for this account." } };
  assert.equal(judge(401, denied).result, "skipped");
  const wrong = { error: { code: "invalid_api_key", message: "Invalid bearer token" } };
  assert.deepEqual(judge(401, wrong), {
    result: "refused",
    reason: "The credential was refused: Invalid bearer token",
  });
});

test("a stream is compared by the types of its events", () => {
  const stream =
    'data: {"type":"a"}\nevent: a\n\ndata: {"type":"b"}\n\ndata: {"type":"b"}\n\ndata: [DONE]\n\n';
  assert.deepEqual(eventTypes(stream), ["a", "b", "[DONE]"]);
  const expected = { status: 200, headers: [], chunks: [{ afterMs: 0, text: stream }] };
  const stream2 = 'data: {"type":"a"}\n\ndata: {"type":"c"}\n\n';
  const found = compareResponse(expected, response(200, stream2));
  assert.ok(found.result === "different");
  assert.deepEqual(found.differences, [
    "no b in the stream",
    "no [DONE] in the stream",
    "c in the stream is new",
  ]);
  assert.deepEqual(shapeDifferences(shapeOf([1]), shapeOf([])), []);
});
