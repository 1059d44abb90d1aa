import assert from "node:assert/strict";
import { test } from "node:test";
import { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import OpenAI from "openai";
import type { Case } from "../conformance/case.ts";
import type { Cassette } from "../conformance/cassette.ts";
import { cassette } from "../conformance/cassettes/mod.ts";
import type { CassetteId } from "../conformance/cassettes/mod.ts";
import { overSockets } from "../conformance/over_sockets.ts";
import { recordedCases } from "../conformance/recorded_case.ts";
import { recordings } from "../conformance/recordings.ts";
import { replay } from "../conformance/replay.ts";
import { runCases, runNegatives } from "../conformance/run_cases.ts";
import { aiSdk } from "../conformance/subjects/ai_sdk.ts";
import { ours } from "../conformance/subjects/ours.ts";
import { bedrock } from "../mod.ts";

const subject = ours({ name: "mod.ts", bedrock, OpenAI });
const ways = { "in the process": replay, "over sockets": overSockets };

/** Cassettes of the suite, for each way in which a recording is asked again. */
const IDS: readonly CassetteId[] = [
  "models/list",
  "responses/gpt_text",
  "responses/gpt_text_streamed",
  "chat/gpt_oss_text",
  "control/project_created",
  "errors/unknown_model",
  "errors/invalid_bearer_token",
  "runtime/batches_listed",
  "runtime/responses",
  "runtime/invalid_key",
];

const asIfRecorded = recordedCases(
  new Map(IDS.map((id): [string, Cassette] => [id, cassette(id)])),
);
const found = recordings(new URL("../../shared/exchanges/", import.meta.url));
const recorded = recordedCases(found?.cassettes ?? new Map());

async function otherwise(cases: readonly Case[], way: keyof typeof ways): Promise<string[]> {
  const outcomes = await runCases(cases, subject, ways[way]);
  assert.equal(outcomes.length, cases.length);
  return outcomes.filter(({ result }) => result !== "pass").map(({ id, reason }) =>
    `${id}: ${reason}`
  );
}

for (const way of Object.keys(ways) as (keyof typeof ways)[]) {
  test(`${way}, exchanges of every kind are asked again and arrive as they were`, async () => {
    assert.deepEqual(await otherwise(asIfRecorded, way), []);
    assert.deepEqual(await runNegatives(asIfRecorded, subject, ways[way]), []);
  });

  const ifThere = { skip: !found };
  test(`${way}, whatever was recorded is asked again and arrives as it was`, ifThere, async () => {
    assert.ok(recorded.length > 0);
    assert.equal(recorded.length, found?.cassettes.size);
    assert.deepEqual(await otherwise(recorded, way), []);
    assert.deepEqual(await runNegatives(recorded, subject, ways[way]), []);
  });
}

test("a recording is asked once with a token and once with keys, and has its own name", async () => {
  const [models] = recordedCases(new Map([["list", cassette("models/list")]]));
  assert.ok(models);
  assert.equal(models.id, "recordings/list");
  const altered = { ...models, cassette: "models/list" };
  const [outcome] = await runCases([altered], subject, ways["in the process"]);
  const authorizations = outcome?.sent.map(({ headers }) => headers.authorization ?? "");
  assert.match(authorizations?.join() ?? "", /^Bearer \*\*\*,AWS4-HMAC-SHA256 Credential=AKID/);
});

test("what a subject has no operation for is not offered", async () => {
  const environment = ways["in the process"];
  const outcomes = await runCases(asIfRecorded, aiSdk("ai-sdk", createBedrockMantle), environment);
  const byId = new Map(outcomes.map(({ id, result }) => [id, result]));
  assert.equal(byId.get("recordings/models/list"), "not offered");
  assert.equal(byId.get("recordings/errors/invalid_bearer_token"), "not offered");
  assert.ok([...byId.values()].every((result) => result !== "fail"));
});
