import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import type OpenAI from "openai";
import type { Cassette } from "../../conformance/cassette.ts";
import { isObject } from "../../conformance/mantle/json_body.ts";
import { recordings } from "../../conformance/recordings.ts";
import { deck, MODES, playThrough } from "../support/cassette_player.ts";
import type { Mode } from "../support/cassette_player.ts";

const SCHEMA = new URL("../../conformance/cassettes/schema.json", import.meta.url);
const found = recordings(process.env.MANTLE_RECORDINGS);

test("without a folder there are no recordings, and one that does not exist is an error", () => {
  assert.equal(recordings(undefined), undefined);
  assert.throws(() => recordings("no-such-folder"), { code: "ENOENT" });
});

if (!found) {
  test("without MANTLE_RECORDINGS, no recording is replayed", { skip: true }, () => {});
} else {
  const { cassettes, skipped } = found;
  const recorded = [...cassettes].filter(([, { source }]) => source.kind === "recorded");
  const bodyOf = ({ exchanges }: Cassette) => {
    const body = exchanges[0]?.request.body;
    assert.ok(body && "json" in body && isObject(body.json));
    return body.json;
  };

  test("every recording matches the schema of cassettes", () => {
    const schema = JSON.parse(readFileSync(SCHEMA, "utf8"));
    const isCassette = new Ajv.default({ strictTypes: false, strictTuples: false }).compile(schema);
    for (const [name, each] of cassettes) {
      assert.ok(isCassette(each), `${name}: ${JSON.stringify(isCassette.errors)}`);
    }
  });

  test("files that cannot be converted to cassettes are listed with the reason", () => {
    assert.deepEqual([...skipped], [
      ["error-iam-putaccountdataretention-denied", "has no status"],
      ["error-messages-without-envelope", "holds texts without their envelope"],
    ]);
    assert.ok(cassettes.size >= 30, `${cassettes.size} cassettes`);
  });

  test("only whole recordings are called recorded; quotes are observed", () => {
    assert.ok(recorded.length >= 14, `${recorded.length} recordings`);
    for (const [name, { source, exchanges }] of cassettes) {
      const isWhole = source.reference.includes("VCR recording");
      assert.equal(source.kind, isWhole ? "recorded" : "observed", name);
      if (isWhole) assert.ok(exchanges[0]?.request.body, name);
    }
    assert.equal(cassettes.get("error-401-invalid-bearer-token")?.source.date, "2026-07-08");
  });

  test("region, endpoint and date of a recording are kept, headers of its connection are not", () => {
    for (const [name, { region, endpoint, source, exchanges }] of recorded) {
      assert.deepEqual([region, endpoint, source.date], ["us-east-1", "mantle", "2026-07"], name);
      const names = exchanges[0]?.response.headers.map(([header]) => header) ?? [];
      assert.ok(names.includes("content-type"), name);
      assert.ok(!names.some((each) => /^(connection|content-length|transfer-)/.test(each)), name);
    }
    const refused = cassettes.get("error-runtime-403-missing-authorization");
    assert.equal(refused?.endpoint, "runtime");
    assert.equal(refused?.exchanges[0]?.request.unauthenticated, true);
    assert.equal(cassettes.get("models-list-us-east-1-2026-08-20-200")?.source.kind, "observed");
  });

  for (const mode of Object.keys(MODES) as Mode[]) {
    test(`every recording plays through bedrock().fetch by ${mode}`, async () => {
      for (const [name, each] of cassettes) {
        await playThrough(each, mode).catch((cause) => {
          throw new Error(`${name} does not play`, { cause });
        });
      }
    });
  }

  test("the official client reads every recorded response unchanged", async () => {
    for (const mode of Object.keys(MODES) as Mode[]) {
      for (const [name, each] of recorded) {
        const [{ request, response } = assert.fail()] = each.exchanges;
        const [, prefix, path] = /^((?:\/openai)?\/v1)(\/.+)$/.exec(request.path) ?? [];
        if (response.chunks || !path) continue;
        const { client, mismatches, unplayed } = deck(each, mode);
        const root = prefix === "/v1" ? "/v1" : "/openai/v1";
        const parsed = await client(root).post(path, { body: bodyOf(each) });
        assert.ok(response.body && "json" in response.body && isObject(response.body.json));
        assert.deepEqual({ ...Object(parsed) }, response.body.json, name);
        assert.deepEqual([mismatches(), unplayed()], [[], []], name);
      }
    }
  });

  test("recorded responses have the texts that were recorded", async () => {
    const texts: Record<string, string> = {
      "responses-create-gpt-oss-v1-200": "OSS",
      "responses-create-gpt-oss-120b-v1-after-failure-200": "violet-otter-73",
      "responses-create-gpt-5.6-luna-text-openai-v1-200": "OK",
      "responses-create-gpt-5.6-luna-json-schema-openai-v1-200":
        '{"city":"Paris","country":"France"}',
      "responses-create-gpt-5.6-luna-function-call-turn1-200": "",
    };
    for (const [name, text] of Object.entries(texts)) {
      const each = cassettes.get(name);
      assert.ok(each, name);
      const prefix = each.exchanges[0]?.request.path.startsWith("/v1") ? "/v1" : "/openai/v1";
      const { responses } = deck(each).client(prefix);
      // Another client sent the recorded request, so its type is not narrower than this
      const body = bodyOf(each) as unknown as OpenAI.Responses.ResponseCreateParamsNonStreaming;
      assert.equal((await responses.create(body)).output_text, text, name);
    }
  });

  test("recorded streams are read event by event to the end", async () => {
    const streams = [...cassettes].filter(([, { exchanges }]) => exchanges[0]?.response.chunks);
    assert.ok(streams.length >= 3);
    for (const [name, each] of streams.filter(([, { source }]) => source.kind === "recorded")) {
      const { responses } = deck(each).client();
      const body = bodyOf(each) as unknown as OpenAI.Responses.ResponseCreateParamsStreaming;
      const events: unknown[] = [];
      for await (const event of await responses.create(body)) events.push(event);
      const chunks = each.exchanges[0]?.response.chunks ?? [];
      const sent = chunks.map((chunk) => "text" in chunk ? chunk.text : "");
      const data = sent.map((text) => JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "null"));
      assert.deepEqual(events, data, name);
      assert.equal(data.at(-1).type, "response.completed", name);
    }
  });
}
