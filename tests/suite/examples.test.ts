import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { runFresh } from "../support/fresh_process.ts";
import { withMantle } from "../support/local_mantle.ts";
import { keyVariables } from "../support/machine.ts";
import { ANSWER } from "../support/mantle_clients.ts";

const FOLDER = fileURLToPath(new URL("../../examples/", import.meta.url));

const ASKED = [`plain: ${ANSWER}`, `streamed: ${ANSWER}`];
const UPLOADED = [...ASKED, "uploaded: hello.jsonl 17"];

/** The output of each example that ends by itself, in lines. */
const PRINTS: Record<string, readonly string[]> = {
  "ai_sdk.ts": ASKED,
  "bedrock_openai.ts": UPLOADED,
  "langchain.ts": ASKED,
  "openai_4.ts": UPLOADED,
  "openai_5.ts": UPLOADED,
  "openai_6.ts": UPLOADED,
  "openai_7.ts": UPLOADED,
  "openai_agents.ts": ASKED,
  "plain_fetch.ts": ASKED,
};

/** Those that other files test. */
const ELSEWHERE = ["browser", "cloudflare_worker.ts", "conformance.ts", "hono.ts"];

const WAYS = {
  bearer: { AWS_BEARER_TOKEN_BEDROCK: EXAMPLE_BEARER_TOKEN },
  sigv4: keyVariables(EXAMPLE_CREDENTIALS),
};

for (const [name, lines] of Object.entries(PRINTS)) {
  test(
    `examples/${name} runs as it stands, with a bearer token and with AWS keys`,
    async () => {
      await Promise.all(
        Object.entries(WAYS).map(([auth, variables]) =>
          withMantle(async ({ baseURL, received }) => {
            const env = { ...variables, AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL };
            const { stdout } = await runFresh(FOLDER + name, [], env);
            assert.deepEqual(stdout.trimEnd().split("\n"), lines);
            assert.deepEqual(received.map((request) => request.auth), lines.map(() => auth));
          })
        ),
      );
    },
  );
}

test("every example is tested", async () => {
  const names = [...Object.keys(PRINTS), ...ELSEWHERE].toSorted();
  assert.deepEqual((await readdir(FOLDER)).toSorted(), names);
});
