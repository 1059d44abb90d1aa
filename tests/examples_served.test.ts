import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../conformance/mantle/mod.ts";
import { decodeKey, mintKey } from "../mod.ts";
import { NO_AWS } from "./support/command.ts";
import { noBundler, withBundle } from "./support/bundled.ts";
import { noChromium, openPage } from "./support/chromium_page.ts";
import { withMantleAs } from "./support/local_mantle.ts";
import { type LongProcess, withProcess } from "./support/long_process.ts";
import { keyVariables } from "./support/machine.ts";
import { noWorkerd, withWorker } from "./support/worker_server.ts";
import { ANSWER } from "./support/mantle_clients.ts";

const TOKEN = { AWS_BEARER_TOKEN_BEDROCK: EXAMPLE_BEARER_TOKEN };
const KEYS = keyVariables(EXAMPLE_CREDENTIALS);
const LONG_TERM = `ABSK${btoa("BedrockAPIKey-abcd-at-123456789012:example-secret")}`;

const path = (name: string) => fileURLToPath(new URL(`../examples/${name}`, import.meta.url));

/** Skips where something is missing that a test needs, which in CI it must not be. */
function isMissing(t: TestContext, ...reasons: (string | undefined)[]): boolean {
  const reason = reasons.find((reason) => reason !== undefined);
  if (reason === undefined) return false;
  assert.notEqual(process.env.CI, "true", reason);
  t.skip(reason);
  return true;
}

/** Posts a prompt, and returns the answer with how many chunks it came in. */
async function ask(url: string): Promise<{ text: string; chunks: number }> {
  const { status, body } = await fetch(url, { method: "POST", body: "Say hello!" });
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
    const env = { ...KEYS, AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL, PORT: "0" };
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
        const env = { ...variables, AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL };
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

/** Starts the page's server, which finds these variables and nothing else of AWS. */
async function withPageServer(
  script: string,
  variables: Record<string, string>,
  run: (url: string, running: LongProcess) => Promise<void>,
): Promise<void> {
  const env = { ...NO_AWS, ...variables, PORT: "0" };
  await withProcess(path("browser/server.ts"), [script], async (running) => {
    const [, url] = /^Open (\S+)\n/.exec(await running.printed(/\n/)) ?? [];
    await run(url ?? "", running);
  }, env);
}

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
        (file, folder) =>
          withPageServer(file, variables, async (url) => {
            const page = await openPage(url, join(folder, "profile"));
            assert.ok(page.includes(`<p id="answer">${ANSWER}</p>`), page);
            const answered = received.filter(({ method }) => method === "POST");
            assert.deepEqual(answered.map(({ auth }) => auth), ["bearer"]);
            const { headers } = answered[0]!;
            assert.equal(headers.get("origin"), url.replace(/\/$/, ""));
            const key = headers.get("authorization")?.replace("Bearer ", "") ?? "";
            const life = decodeKey(key)!.expiration!.getTime() - Date.now();
            assert.ok(life > 13 * 60_000 && life <= 15 * 60_000, `${life}`);
          }),
      );
    });
  },
);

test(
  "examples/browser hands out a short-term key that is set, where it can mint none",
  async () => {
    const { key } = await mintKey({ ...EXAMPLE_CREDENTIALS, region: "us-west-2", env: {} });
    await withPageServer("page.js", { AWS_BEARER_TOKEN_BEDROCK: key }, async (url) => {
      const answer = await fetch(`${url}key`, { method: "POST" });
      assert.deepEqual(await answer.json(), { apiKey: key, region: "us-west-2" });
      assert.equal(answer.headers.get("cache-control"), "no-store");
      const linked = await fetch(`${url}key`);
      assert.deepEqual([linked.status, await linked.text()], [404, ""]);
    });
  },
);

for (
  const [what, variables, reason] of [
    ["a long-term key", { AWS_BEARER_TOKEN_BEDROCK: LONG_TERM }, /no short-term key.*Set AWS cred/],
    ["a token of no known kind", TOKEN, /no short-term key/],
    ["no key", { AWS_REGION: "us-west-2" }, /No AWS credentials were found/],
  ] as const
) {
  test(
    `examples/browser gives a page nothing where it finds ${what}, and says why`,
    async () => {
      await withPageServer("page.js", variables, async (url, running) => {
        const answer = await fetch(`${url}key`, { method: "POST" });
        assert.equal(answer.status, 500);
        assert.match(await answer.text(), /^The server has no key for this page/);
        assert.ok(!(await running.printed(reason)).includes(LONG_TERM));
      });
    },
  );
}
