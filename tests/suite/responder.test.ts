import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import type { Case } from "../../conformance/case.ts";
import { CASSETTES } from "../../conformance/cassettes/mod.ts";
import { overHost } from "../../conformance/over_host.ts";
import { overSockets } from "../../conformance/over_sockets.ts";
import { replay } from "../../conformance/replay.ts";
import { caseTitle } from "../../conformance/report/case_title.ts";
import { type Environment, runCases } from "../../conformance/run_cases.ts";
import { WireHost } from "../../conformance/runtimes/wire_host.ts";
import { ours } from "../../conformance/subjects/ours.ts";
import { bedrock } from "../../mod.ts";
import { withServer } from "../support/local_mantle.ts";

const subject = ours({ name: "mod.ts", bedrock, OpenAI });

const models = () => "/models";

/** Creates a case that requests these paths, and accepts any response. */
function requesting(...paths: ((token: string) => string)[]): Case {
  return {
    id: "test/requesting",
    title: "Any response is accepted",
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

async function reasonOf(each: Case, environment: Environment): Promise<string | undefined> {
  const [outcome] = await runCases([each], subject, environment);
  return outcome?.reason;
}

/** Checks the result of a case within the process, over sockets, and over a host's sockets. */
async function inEveryMode(each: Case, check: (reason: string | undefined) => void): Promise<void> {
  check(await reasonOf(each, replay));
  check(await reasonOf(each, overSockets));
  const wires = new WireHost([each]);
  await withServer(async (request) => {
    const body = await request.text();
    if (request.method === "DELETE") return Response.json(await wires.close(body));
    return new Response(await wires.open(body));
  }, async (origin) => check(await reasonOf(each, overHost(origin))));
}

test("a report names the responder of a case, and the misbehaviour of the local server", () => {
  const { cassette: _, ...bare } = requesting(models);
  const misbehaviours = [{ kind: "429", times: 1 }, { kind: "no-done" }] as const;
  const responders = [{}, { region: "eu-west-1" }, { misbehaviours }].map((mantle) =>
    caseTitle({ ...bare, mantle }, CASSETTES).responder
  );
  assert.deepEqual(responders, [
    "the local Mantle server",
    "the local Mantle server with region eu-west-1",
    "the local Mantle server with 429 times 1, no-done",
  ]);
  assert.equal(caseTitle(bare, CASSETTES).responder, "an empty response");
  const { responder, exchanges } = caseTitle(requesting(models), CASSETTES);
  assert.equal(responder, "the cassette models/list");
  assert.deepEqual(exchanges?.map(({ method, url }) => [method, url]), [["GET", "/v1/models"]]);
  assert.match(exchanges?.[0]?.response?.body ?? "", /"id": "openai\.gpt-oss-120b"/);
});

test("a case whose requests match the cassette passes", async () => {
  await inEveryMode(requesting(models), (reason) => assert.equal(reason, undefined));
});

test("a request that does not match fails its case, with field, expected and found", async () => {
  await inEveryMode(requesting(() => "/models?limit=1", models), (reason) => {
    assert.equal(
      reason,
      "Error: A request does not match exchange 0 in path: " +
        'expected "/v1/models", found "/v1/models?limit=1"',
    );
  });
});

test("a request after the last exchange fails its case", async () => {
  await inEveryMode(requesting(models, models), (reason) => {
    assert.match(reason ?? "", /expected no further request, found GET \/v1\/models$/);
  });
});

test("an exchange that was not requested fails its case", async () => {
  await inEveryMode(requesting(), (reason) => {
    assert.equal(reason, "Error: Exchange 0: GET /v1/models was not requested");
  });
});

test("the outcome of a failed case includes its exchanges, and that of a passed case none", async () => {
  const [failed] = await runCases([requesting(models, models)], subject, replay);
  const [first, second] = failed?.sent ?? [];
  assert.equal(first?.headers.authorization, "Bearer ***");
  assert.deepEqual([first?.response?.status, second?.response?.status], [200, 500]);
  assert.match(first?.response?.body ?? "", /"id": "openai\.gpt-oss-120b"/);
  assert.match(second?.response?.body ?? "", /"code": "cassette_mismatch"/);
  const [passed] = await runCases([requesting(models)], subject, replay);
  assert.deepEqual(passed?.sent, []);
});

test("the reason of a failure contains no secret", async () => {
  await inEveryMode(requesting((token) => `/models?token=${token}`, models), (reason) => {
    assert.match(reason ?? "", /found "\/v1\/models\?token=\*\*\*"$/);
  });
});
