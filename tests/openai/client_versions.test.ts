import assert from "node:assert/strict";
import { test } from "node:test";
import { EXAMPLE_BEARER_TOKEN } from "../../conformance/mantle/mod.ts";
import { besideOpenAI } from "../support/client_versions.ts";
import { runFresh } from "../support/fresh_process.ts";
import { SESSION_CREDENTIALS, withMantle } from "../support/local_mantle.ts";
import { ANSWER } from "../support/mantle_clients.ts";

const VERSIONS = {
  "openai-6.45.0": "6.45.0",
  "openai-6.49.0": "6.49.0",
  "openai-7.0.0": "7.0.0",
  "openai": "7.",
};

const { accessKeyId, sessionToken } = SESSION_CREDENTIALS;

for (const [alias, version] of Object.entries(VERSIONS)) {
  test(`BedrockOpenAI authenticates, clones, streams and refuses sockets on ${alias}`, async () => {
    await withMantle(({ baseURL }) =>
      besideOpenAI(alias, async (probe) => {
        const args = [baseURL, EXAMPLE_BEARER_TOKEN, JSON.stringify(SESSION_CREDENTIALS)];
        const { stdout } = await runFresh(probe, args);
        const { VERSION, answers, authorizations, refusals, sockets } = JSON.parse(stdout);
        assert.ok(VERSION.startsWith(version), VERSION);
        assert.deepEqual(answers, {
          bearer: { text: ANSWER, timeout: 600_000, maxRetries: 2 },
          session: { text: ANSWER, timeout: 30_000, maxRetries: 2 },
          patient: { text: ANSWER, timeout: 30_000, maxRetries: 7 },
          streamed: ANSWER,
          wrongKey: 401,
        });
        const signed = `${accessKeyId} ${sessionToken} mine`;
        const expected = ["Bearer mine", signed, signed, "Bearer mine", "Bearer mine"];
        assert.deepEqual(authorizations, expected);
        assert.deepEqual(refusals, Array(18).fill("sockets_unsupported"));
        // Only the last attempt, with a plain client that has the provider, got as far as a socket
        assert.deepEqual(sockets, [["realtime", "openai-insecure-api-key.null"]]);
      })
    );
  });
}
