import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { decodeKey, mintKey } from "../../mod.ts";
import { noBundler, withBundle } from "../support/bundled.ts";
import { noChromium, waitForText } from "../support/chromium_page.ts";
import { withMantle, withMantleAs } from "../support/local_mantle.ts";
import { withProcess } from "../support/long_process.ts";
import { keyVariables } from "../support/machine.ts";
import { isMissing } from "../support/required.ts";
import { openLink, withPageServer } from "../support/page_server.ts";
import { noWorkerd, withWorker } from "../support/worker_server.ts";
import { ANSWER } from "../support/mantle_clients.ts";
import { ASK_KEY, assertRefused } from "../support/without_key.ts";

const TOKEN = { AWS_BEARER_TOKEN_BEDROCK: EXAMPLE_BEARER_TOKEN };
const KEYS = keyVariables(EXAMPLE_CREDENTIALS);
const LONG_TERM = `ABSK${btoa("BedrockAPIKey-abcd-at-123456789012:example-secret")}`;

const path = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** Posts a prompt, and returns the answer and the number of its chunks. */
async function ask(url: string): Promise<{ text: string; chunks: number }> {
  const headers = { authorization: `Bearer ${ASK_KEY}` };
  const { status, body } = await fetch(url, { method: "POST", headers, body: "Say hello!" });
  assert.equal(status, 200);
  let text = "";
  let chunks = 0;
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    chunks++;
  }
  return { text, chunks };
}

test("examples/hono.ts streams an answer while it arrives", async () => {
  await withMantleAs({ chunkDelayMs: 100 }, async ({ baseURL, received }) => {
    const place = { AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL };
    const env = { ...KEYS, ...place, ASK_KEY, PORT: "0" };
    await withProcess(path("hono.ts"), [], async (running) => {
      const [, origin] = /^Listening on (\S+)\n/.exec(await running.printed(/\n/)) ?? [];
      const { text, chunks } = await ask(`${origin}/ask`);
      assert.equal(text, ANSWER);
      assert.ok(chunks > 1, `${chunks} chunks`);
      assert.deepEqual(received.map(({ auth }) => auth), ["sigv4"]);
    }, env);
  });
});

for (const [auth, variables] of [["bearer", TOKEN], ["sigv4", KEYS]] as const) {
  const date = auth === "bearer" ? "workerd-old" : "workerd-new";
  test(
    `examples/cloudflare_worker.ts streams in workerd, with ${auth} from its env`,
    async (t) => {
      if (isMissing(t, noBundler, noWorkerd)) return;
      await withMantleAs({ chunkDelayMs: 100 }, async ({ baseURL, received }) => {
        const place = { AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL };
        const env = { ...variables, ...place, ASK_KEY };
        const conditions = ["workerd", "worker", "browser"];
        await withBundle(
          path("cloudflare_worker.ts"),
          "worker",
          conditions,
          (file) =>
            withWorker(file, date, env, async (origin) => {
              const { text, chunks } = await ask(origin);
              assert.equal(text, ANSWER);
              assert.ok(chunks > 1, `${chunks} chunks`);
            }),
        );
        assert.deepEqual(received.map((request) => request.auth), [auth]);
      });
    },
  );
}

test("examples/cloudflare_worker.ts calls Bedrock only for callers with its key", async (t) => {
  if (isMissing(t, noBundler, noWorkerd)) return;
  await withMantle(async ({ baseURL, received }) => {
    const env = { ...KEYS, AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL };
    const conditions = ["workerd", "worker", "browser"];
    await withBundle(path("cloudflare_worker.ts"), "worker", conditions, async (file) => {
      for (const key of [{ ASK_KEY }, { ASK_KEY: "" }, {}] as Record<string, string>[]) {
        await withWorker(
          file,
          "workerd-new",
          { ...env, ...key },
          (origin) => assertRefused(origin, "POST /"),
        );
      }
    });
    assert.equal(received.length, 0);
  });
});

test(
  "examples/browser shows an answer in Chromium, with a key that its own server mints",
  async (t) => {
    if (isMissing(t, noBundler, noChromium)) return;
    await withMantleAs({ bearerTokens: [] }, async ({ baseURL, received }) => {
      const variables = { ...KEYS, AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL };
      await withBundle(
        path("browser/page.ts"),
        "page",
        ["browser"],
        (file) =>
          withPageServer(file, variables, async (url) => {
            assert.equal(await waitForText(url, ANSWER), "answer");
            const posted = received.filter(({ method }) => method === "POST");
            assert.deepEqual(posted.map(({ auth }) => auth), ["bearer"]);
            const { headers } = posted[0]!;
            assert.equal(headers.get("origin"), new URL(url).origin);
            const key = headers.get("authorization")?.replace("Bearer ", "") ?? "";
            const life = decodeKey(key)!.expiration!.getTime() - Date.now();
            assert.ok(life > 13 * 60_000 && life <= 15 * 60_000, `${life}`);
          }),
      );
    });
  },
);

test(
  "examples/browser hands out the short-term key that is set if it can mint none",
  async () => {
    const { key } = await mintKey({ ...EXAMPLE_CREDENTIALS, region: "us-west-2", env: {} });
    await withPageServer("page.js", { AWS_BEARER_TOKEN_BEDROCK: key }, async (link) => {
      const { home, cookie } = await openLink(link);
      const response = await fetch(`${home}key`, { method: "POST", headers: { cookie } });
      assert.deepEqual(await response.json(), { apiKey: key, region: "us-west-2" });
      assert.equal(response.headers.get("cache-control"), "no-store");
      const linked = await fetch(`${home}key`, { headers: { cookie } });
      assert.deepEqual([linked.status, await linked.text()], [404, "Not found"]);
    });
  },
);

for (
  const [what, variables, reason] of [
    [
      "a long-term key",
      { AWS_BEARER_TOKEN_BEDROCK: LONG_TERM },
      /not a short-term key.*Set AWS cred/,
    ],
    ["a token of no known kind", TOKEN, /not a short-term key/],
    ["no key", { AWS_REGION: "us-west-2" }, /No AWS credentials were found/],
  ] as const
) {
  test(
    `examples/browser gives a page no key if it finds ${what}, and says why`,
    async () => {
      await withPageServer("page.js", variables, async (link, running) => {
        const { home, cookie } = await openLink(link);
        const response = await fetch(`${home}key`, { method: "POST", headers: { cookie } });
        assert.equal(response.status, 500);
        assert.match(await response.text(), /^The server has no key for this page/);
        assert.ok(!(await running.printed(reason)).includes(LONG_TERM));
      });
    },
  );
}
