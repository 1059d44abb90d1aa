import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { recordings } from "../../conformance/recordings.ts";
import { MODES, playThrough } from "../support/cassette_player.ts";
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

  test("only complete recordings are called recorded, and quotations observed", () => {
    assert.ok(recorded.length >= 14, `${recorded.length} recordings`);
    for (const [name, { source, exchanges }] of cassettes) {
      const isWhole = source.reference.includes("VCR recording");
      assert.equal(source.kind, isWhole ? "recorded" : "observed", name);
      if (isWhole) assert.ok(exchanges[0]?.request.body, name);
    }
    assert.equal(cassettes.get("error-401-invalid-bearer-token")?.source.date, "2026-07-08");
  });

  test("region, endpoint and date of a recording are kept, and headers of its connection dropped", () => {
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
}
