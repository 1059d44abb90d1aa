import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import { bedrock as aws } from "../../aws.ts";
import type { Subject } from "../../conformance/case.ts";
import { cases } from "../../conformance/cases/mod.ts";
import { replay } from "../../conformance/replay.ts";
import { runCases, runNegatives } from "../../conformance/run_cases.ts";
import { aiSdk } from "../../conformance/subjects/ai_sdk.ts";
import { official } from "../../conformance/subjects/official.ts";
import { ours } from "../../conformance/subjects/ours.ts";
import { oursFetch } from "../../conformance/subjects/ours_fetch.ts";
import { bedrock } from "../../mod.ts";

// By `require`, as Deno without a lock file would import one of the older copies instead
const require = createRequire(import.meta.url);
const { bedrock: officialBedrock } = require(
  "openai/providers/bedrock/aws",
) as typeof import("openai/providers/bedrock/aws");
const { OpenAI } = require("openai") as typeof import("openai");

const asProvider = ours({ name: "ours", bedrock, OpenAI });
const whole = ours({ name: "ours, whole, aws", bedrock: aws, OpenAI, whole: true });
const plainFetch = oursFetch("ours, fetch", bedrock);
const theirs = official({ name: "official", bedrock: officialBedrock, OpenAI });
const otherSdk = aiSdk("ai-sdk", createBedrockMantle);

test("ids are unique paths of a topic and a claim, and every case has a title and a source", () => {
  const ids = cases.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, title, source } of cases) {
    assert.match(id, /^[a-z0-9]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(title, /^[A-Z].*[^.]$/);
    assert.match(source, /^https:\/\/|^[\w-]+\/[\w.-]+(@[0-9a-f]+)? \S+/, id);
  }
});

test("our subjects lack only what needs an installed fetch or a client", () => {
  assert.deepEqual(asProvider.lacks, [
    "signsEdits",
    "routes",
    "explains",
    "recovers",
    "idleTimeout",
  ]);
  assert.equal(whole.lacks, undefined);
  assert.deepEqual(plainFetch.lacks, ["retries", "transportSignal", "move", "derive", "log"]);
});

test("subjects that read variables of the process find those of a case", async () => {
  const some = cases.filter(({ id }) => id === "auth/bearer-from-variable");
  for (const subject of [theirs, otherSdk]) {
    const outcomes = await runCases(some, subject, replay);
    assert.deepEqual(outcomes.map(({ result }) => result), ["pass"], subject.name);
  }
});

test("every case fails for each subject that it breaks", async () => {
  const subjects = [asProvider, whole, plainFetch, theirs, otherSdk];
  const unnoticed = await runAllNegatives(subjects);
  assert.deepEqual(unnoticed, []);
});

/** Runs the negatives of several subjects, concurrently if they replace no global. */
async function runAllNegatives(subjects: readonly Subject[]): Promise<string[]> {
  const isAlone = cases.map(({ needs }) =>
    needs.some((need) => need === "variables" || need === "clock" || need === "timers")
  );
  const unnoticed = async (subject: Subject, alone: boolean) => {
    const some = cases.filter((_, index) => isAlone[index] === alone);
    return (await runNegatives(some, subject, replay)).map((id) => `${subject.name}: ${id}`);
  };
  const found = await Promise.all(subjects.map((subject) => unnoticed(subject, false)));
  for (const subject of subjects) found.push(await unnoticed(subject, true));
  return found.flat();
}
