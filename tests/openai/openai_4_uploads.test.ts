import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { toFile } from "openai-4.104.0";
import { bedrock } from "../../mod.ts";
import { withMantle } from "../support/local_mantle.ts";
import { WAYS } from "../support/local_proxy.ts";

for (const [way, credentials] of Object.entries(WAYS)) {
  test(`openai 4 uploads a file without its web shims, with ${way}`, async () => {
    await withMantle(async ({ origin }) => {
      const baseURL = `${origin}/v1`;
      // On Node, this version sends a form as a stream of Node
      const options = { ...credentials, baseURL, endpoint: "mantle", env: {} } as const;
      const { fetch } = bedrock({ ...options, bufferLimit: 1_000 });
      // Its types know another `fetch`
      const client = { baseURL, apiKey: "placeholder", fetch: fetch as never, maxRetries: 0 };
      const { bytes } = await new OpenAI(client).files.create({
        file: await toFile(new TextEncoder().encode("{}\n"), "a.jsonl"),
        purpose: "batch",
      });
      assert.equal(bytes, 3);
    });
  });
}
