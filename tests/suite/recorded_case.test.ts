import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import OpenAI from "openai";
import type { Case } from "../../conformance/case.ts";
import type { Cassette } from "../../conformance/cassette.ts";
import { cassette } from "../../conformance/cassettes/mod.ts";
import type { CassetteId } from "../../conformance/cassettes/mod.ts";
import { overSockets } from "../../conformance/over_sockets.ts";
import { recordedCases } from "../../conformance/recorded_case.ts";
import { recordings } from "../../conformance/recordings.ts";
import { replay } from "../../conformance/replay.ts";
import { runCases, runNegatives } from "../../conformance/run_cases.ts";
import { aiSdk } from "../../conformance/subjects/ai_sdk.ts";
import { ours } from "../../conformance/subjects/ours.ts";
import { bedrock } from "../../mod.ts";

const subject = ours({ name: "mod.ts", bedrock, OpenAI });
const MODES = { "within the process": replay, "over sockets": overSockets };

/** Cassettes of the suite, for each operation that repeats a recording. */
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
const found = recordings(process.env.MANTLE_RECORDINGS);
const recorded = recordedCases(found?.cassettes ?? new Map());

async function failures(cases: readonly Case[], mode: keyof typeof MODES): Promise<string[]> {
  const outcomes = await runCases(cases, subject, MODES[mode]);
  assert.equal(outcomes.length, cases.length);
  return outcomes.filter(({ result }) => result !== "pass").map(({ id, reason }) =>
    `${id}: ${reason}`
  );
}

for (const mode of Object.keys(MODES) as (keyof typeof MODES)[]) {
  test(`${mode}, exchanges of every kind can be repeated with the same result`, async () => {
    assert.deepEqual(await failures(asIfRecorded, mode), []);
    assert.deepEqual(await runNegatives(asIfRecorded, subject, MODES[mode]), []);
  });

  const ifFound = { skip: !found };
  test(`${mode}, every recording can be repeated with the same result`, ifFound, async () => {
    assert.ok(recorded.length > 0);
    assert.equal(recorded.length, found?.cassettes.size);
    assert.deepEqual(await failures(recorded, mode), []);
    assert.deepEqual(await runNegatives(recorded, subject, MODES[mode]), []);
  });
}

test("a recording is repeated with a token and with keys, under its own name", async () => {
  const [models] = recordedCases(new Map([["list", cassette("models/list")]]));
  assert.ok(models);
  assert.equal(models.id, "recordings/list");
  const altered = { ...models, cassette: "models/list" };
  const [outcome] = await runCases([altered], subject, replay);
  const authorizations = outcome?.sent.map(({ headers }) => headers.authorization ?? "");
  assert.match(authorizations?.join() ?? "", /^Bearer \*\*\*,AWS4-HMAC-SHA256 Credential=AKID/);
});

test("a recording is not offered if the subject lacks the operation", async () => {
  const outcomes = await runCases(asIfRecorded, aiSdk("ai-sdk", createBedrockMantle), replay);
  const byId = new Map(outcomes.map(({ id, result }) => [id, result]));
  assert.equal(byId.get("recordings/models/list"), "not offered");
  assert.equal(byId.get("recordings/errors/invalid_bearer_token"), "not offered");
  assert.ok([...byId.values()].every((result) => result !== "fail"));
});
