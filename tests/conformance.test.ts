import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import { bedrock as aws } from "../aws.ts";
import type { Capability, Subject } from "../conformance/case.ts";
import { cases } from "../conformance/cases/mod.ts";
import { replay } from "../conformance/replay.ts";
import { runCases, runNegatives } from "../conformance/run_cases.ts";
import { aiSdk } from "../conformance/subjects/ai_sdk.ts";
import { official } from "../conformance/subjects/official.ts";
import { ours } from "../conformance/subjects/ours.ts";
import { oursFetch } from "../conformance/subjects/ours_fetch.ts";
import { bedrock as mod } from "../mod.ts";
import { type Sdk, SDKS } from "./support/sdk_versions.ts";

// By `require`, as Deno without a lock file would import one of the older copies instead
const require = createRequire(import.meta.url);
const { bedrock: officialProvider } = require(
  "openai/providers/bedrock/aws",
) as typeof import("openai/providers/bedrock/aws");
const { OpenAI: OfficialClient } = require("openai") as typeof import("openai");

const environment = replay;

/** A subject of ours, and the only capabilities that it may lack. */
type Ours = readonly [subject: Subject, gaps: readonly Capability[]];

/** What only an installed `fetch` can do. */
const OF_FETCH = ["signsAnew", "routes", "explains", "recovers", "idleTimeout"] as const;

/** What only a client can do. */
const OF_CLIENT = ["retries", "transportSignal", "move", "derive", "log"] as const;

/** What this module is in a copy of the client. */
function ourSubjects(sdk: Sdk, ways: readonly (readonly ["mod" | "aws", boolean])[]): Ours[] {
  return ways.map(([entry, whole]) => {
    const lacks: Capability[] = sdk.timeoutCoversAuth ? [] : ["lookupTimeout"];
    const subject = ours({
      name: `${entry}.ts, ${whole ? "whole" : "as provider"}, in ${sdk.name}`,
      bedrock: entry === "mod" ? mod : aws,
      OpenAI: sdk.OpenAI,
      whole,
      lacks,
    });
    return [subject, whole ? lacks : [...lacks, ...OF_FETCH]];
  });
}

const newest = SDKS.filter(({ name }) => name.includes("ESM")).at(-1) as Sdk;
/** The other versions of the client are held to the cases by the matrix. */
const subjects: Ours[] = [
  ...ourSubjects(newest, [["mod", false], ["aws", true]]),
  [oursFetch("mod.ts, plain fetch", mod), OF_CLIENT],
];

test("ids are unique paths of a topic and a claim, and every case has a title and a source", () => {
  const ids = cases.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, title, source } of cases) {
    assert.match(id, /^[a-z0-9]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(title, /^[A-Z].*[^.]$/);
    assert.match(source, /^https:\/\/|^[\w-]+\/[\w.-]+(@[0-9a-f]+)? \S+/, id);
  }
});

for (const [subject, gaps] of subjects) {
  test(`${subject.name}: every case holds`, async () => {
    const outcomes = await runCases(cases, subject, environment);
    assert.equal(outcomes.length, cases.length);
    const failed = outcomes.filter(({ result }, place) => {
      const expected = cases[place]?.needs.some((need) => gaps.includes(need));
      return result !== (expected ? "not offered" : "pass");
    });
    assert.deepEqual(failed.map(({ id, result, reason }) => `${id}: ${result}: ${reason}`), []);
  });

  test(`${subject.name}: every case notices the subject that breaks it`, async () => {
    assert.deepEqual(await runNegatives(cases, subject, environment), []);
  });
}

for (
  const subject of [
    official({ name: "official", bedrock: officialProvider, OpenAI: OfficialClient }),
    aiSdk("ai-sdk", createBedrockMantle),
  ]
) {
  test(
    `${subject.name}: has an outcome in every case, and no negative passes`,
    async () => {
      const outcomes = await runCases(cases, subject, environment);
      assert.deepEqual(outcomes.map(({ id }) => id), cases.map(({ id }) => id));
      const passed = outcomes.filter(({ result }) => result === "pass").map(({ id }) => id);
      assert.ok(passed.includes("auth/bearer-from-variable"), "the process's variables are found");
      assert.deepEqual(await runNegatives(cases, subject, environment), []);
    },
  );
}
