import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { toFile } from "openai-4.104.0";
import { bedrock } from "../mod.ts";
import { withMantle } from "./support/local_mantle.ts";
import { WAYS } from "./support/local_proxy.ts";

const isNode = !("Deno" in globalThis || "Bun" in globalThis);
// On Node, this version sends a form as a stream of Node, and without `duplex`
const todo = isNode && "`.fetch` has to buffer a stream of Node";

for (const [way, credentials] of Object.entries(WAYS)) {
  test(`openai 4 uploads a file without its web shims, with ${way}`, { todo }, async () => {
    await withMantle(async ({ origin }) => {
      const baseURL = `${origin}/v1`;
      const { fetch } = bedrock({ ...credentials, baseURL, endpoint: "mantle", env: {} });
      // Its types know another `fetch`
      const options = { baseURL, apiKey: "placeholder", fetch: fetch as never, maxRetries: 0 };
      const { bytes } = await new OpenAI(options).files.create({
        file: await toFile(new TextEncoder().encode("{}\n"), "a.jsonl"),
        purpose: "batch",
      });
      assert.equal(bytes, 3);
    });
  });
}
