import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import type { Case } from "../conformance/case.ts";
import { CASSETTES } from "../conformance/cassettes/mod.ts";
import { overSockets } from "../conformance/over_sockets.ts";
import { replay } from "../conformance/replay.ts";
import { caseTitle } from "../conformance/report/case_title.ts";
import { runCases } from "../conformance/run_cases.ts";
import type { Environment } from "../conformance/run_cases.ts";
import { WireHost } from "../conformance/runtimes/wire_host.ts";
import { ours } from "../conformance/subjects/ours.ts";
import { overHost } from "../conformance/wire.ts";
import { bedrock } from "../mod.ts";
import { withServer } from "./support/local_mantle.ts";

const subject = ours({ name: "mod.ts", bedrock, OpenAI });

const models = () => "/models";

/** A case that asks for the models by these paths, and takes any answer. */
function asking(...paths: ((token: string) => string)[]): Case {
  return {
    id: "test/asking",
    title: "Whatever is answered is taken",
    source: "https://example.org/",
    needs: ["call"],
    cassette: "models/list",
    async run(subject, { baseURL, region, bearerToken, fetch }) {
      const root = baseURL.replace("/openai/v1", "/v1");
      const options = { endpoint: "mantle", baseURL: root, region, apiKey: bearerToken } as const;
      const connection = await subject.connect(options, fetch);
      for (const path of paths) {
        await connection.call?.("GET", path(bearerToken), { maxRetries: 0 }).catch(() => {});
      }
    },
    negative: (subject) => subject,
  };
}

async function reasonsOf(each: Case, environment: Environment): Promise<string | undefined> {
  const [outcome] = await runCases([each], subject, environment);
  return outcome?.reason;
}

/** Runs with each way to answer a case: in the process, over sockets, and by a host's sockets. */
async function everyWay(each: Case, check: (reason: string | undefined) => void): Promise<void> {
  check(await reasonsOf(each, replay));
  check(await reasonsOf(each, overSockets));
  const wires = new WireHost([each]);
  await withServer(async (request) => {
    const body = await request.text();
    if (request.method === "DELETE") return Response.json(await wires.close(body));
    return new Response(await wires.open(body));
  }, async (origin) => check(await reasonsOf(each, overHost(origin))));
}

test("a report says who answers a case, and what the local server does wrong", () => {
  const { cassette: _, ...bare } = asking(models);
  const misbehaviours = [{ kind: "429", times: 1 }, { kind: "no-done" }] as const;
  const told = [{}, { region: "eu-west-1" }, { misbehaviours }].map((mantle) =>
    caseTitle({ ...bare, mantle }, CASSETTES).answeredBy
  );
  assert.deepEqual(told, [
    "the local Mantle server",
    "the local Mantle server with region eu-west-1",
    "the local Mantle server with 429 times 1, no-done",
  ]);
  assert.equal(caseTitle(bare, CASSETTES).answeredBy, "an empty response");
  const { answeredBy, exchanges } = caseTitle(asking(models), CASSETTES);
  assert.equal(answeredBy, "the cassette models/list");
  assert.deepEqual(exchanges?.map(({ method, url }) => [method, url]), [["GET", "/v1/models"]]);
  assert.match(exchanges?.[0]?.answer?.body ?? "", /"id": "openai\.gpt-oss-120b"/);
});

test("a case whose exchanges are played as they are written down passes", async () => {
  await everyWay(asking(models), (reason) => assert.equal(reason, undefined));
});

test("a request that fits no exchange fails its case by field, expected and found", async () => {
  await everyWay(asking(() => "/models?limit=1", models), (reason) => {
    assert.equal(
      reason,
      "Error: A request does not fit exchange 0 in path: " +
        'expected "/v1/models", found "/v1/models?limit=1"',
    );
  });
});

test("a request after the last exchange fails its case", async () => {
  await everyWay(asking(models, models), (reason) => {
    assert.match(reason ?? "", /expected no further request, found GET \/v1\/models$/);
  });
});

test("an exchange that nobody asked for fails its case", async () => {
  await everyWay(asking(), (reason) => {
    assert.equal(reason, "Error: Exchange 0: GET /v1/models was not asked for");
  });
});

test("a case that fails tells what was sent and what came back, and one that holds does not", async () => {
  const environment = replay;
  const [failed] = await runCases([asking(models, models)], subject, environment);
  const [first, second] = failed?.sent ?? [];
  assert.equal(first?.headers.authorization, "Bearer ***");
  assert.deepEqual([first?.answer?.status, second?.answer?.status], [200, 500]);
  assert.match(first?.answer?.body ?? "", /"id": "openai\.gpt-oss-120b"/);
  assert.match(second?.answer?.body ?? "", /"code": "cassette_mismatch"/);
  const [passed] = await runCases([asking(models)], subject, environment);
  assert.deepEqual(passed?.sent, []);
});

test("what did not fit is told without a secret", async () => {
  await everyWay(asking((token) => `/models?token=${token}`, models), (reason) => {
    assert.match(reason ?? "", /found "\/v1\/models\?token=\*\*\*"$/);
  });
});
