import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { bedrock } from "../../mod.ts";
import { createBedrock } from "../../src/bedrock.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import { rejects } from "../support/refusal.ts";
import { forEverySdk } from "../support/sdk_versions.ts";

const BODY = { model: "openai.gpt-5.4", input: "x" };

test("an abort ends the wait for the digest at once", async () => {
  const world = { ...PLATFORM, digest: () => new Promise<never>(() => {}) };
  const options = { region: "us-west-2", env: {}, ...EXAMPLE_CREDENTIALS };
  const { fetch, url } = createBedrock(options, { platform: world });
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error("enough")), 5);
  await assert.rejects(fetch(url, { signal: abort.signal }), { message: "enough" });
});

forEverySdk(({ name, OpenAI, APIConnectionTimeoutError, timeoutCoversAuth }) => {
  test(`${name}: nothing is sent if the signal aborts as the credential arrives, or later`, async () => {
    for (const place of ["signal", "fetchOptions", "signal, signing", "fetchOptions, signing"]) {
      const abort = new AbortController();
      let sent = 0;
      const abortNow = (signing: boolean) => place.includes("signing") === signing && abort.abort();
      const provider = createBedrock(
        {
          region: "us-west-2",
          env: {},
          credentialProvider: () => (abortNow(false), EXAMPLE_CREDENTIALS),
        },
        { platform: { ...PLATFORM, now: () => (abortNow(true), Date.now()) } },
      );
      const client = new OpenAI({ provider, fetch: async () => (sent++, Response.json({})) });
      const { signal } = abort;
      const options = place.startsWith("signal")
        ? { signal }
        : { fetchOptions: { signal } as object };
      await assert.rejects(client.responses.create(BODY, options), /abort/i);
      assert.equal(sent, 0, place);
    }
  });

  test(`${name}: a lookup has its own time limit, and the client's timeout if it is shorter`, async () => {
    for (const [lookupLimitMs, timeout] of [[20, 600_000], [60_000, 20]] as const) {
      if (timeout === 20 && !timeoutCoversAuth) continue;
      let lookups = 0;
      let sent = 0;
      const tokenProvider = () => (lookups++, new Promise<never>(() => {}));
      const options = { region: "us-west-2", env: {}, tokenProvider };
      const provider = createBedrock(options, { platform: { ...PLATFORM, lookupLimitMs } });
      const fetch = async () => (sent++, Response.json({}));
      const call = new OpenAI({ provider, fetch, timeout, maxRetries: 1 }).responses.create(BODY);
      if (timeoutCoversAuth) await assert.rejects(call, APIConnectionTimeoutError);
      else await rejects(call.then(), "credentials_timeout", "20 ms");
      assert.deepEqual([lookups, sent], [timeoutCoversAuth ? 2 : 1, 0]);
    }
  });
});

test("a failed lookup reaches the caller as it is and is not retried", async () => {
  let lookups = 0;
  let sent = 0;
  const provider = bedrock({
    region: "us-west-2",
    env: {},
    tokenProvider: () => (lookups++, Promise.reject(new Error("vault is sealed"))),
  });
  const client = new OpenAI({ provider, fetch: async () => (sent++, Response.json({})) });
  await rejects(client.responses.create(BODY).then(), "credentials_failed", "`tokenProvider`");
  assert.deepEqual([lookups, sent], [1, 0]);
});
