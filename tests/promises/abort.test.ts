import assert from "node:assert/strict";
import { test } from "node:test";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { bedrock } from "../../mod.ts";
import { createBedrock } from "../../src/bedrock.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import { rejects } from "../support/refusal.ts";
import { forEverySdk } from "../support/sdk_versions.ts";

const BODY = { model: "openai.gpt-5.4", input: "x" };

/** Providers in both modes whose lookup `act`s and then never ends, and a `fetch` that counts. */
function hanging(act: () => void) {
  const counts = { sent: 0, lookups: 0 };
  const wait = () => (counts.lookups++, setTimeout(act, 1), new Promise<never>(() => {}));
  const common = {
    region: "us-west-2",
    env: {},
    fetch: async () => (counts.sent++, Response.json({ output: [] })),
  };
  const providers = [
    bedrock({ ...common, tokenProvider: wait }),
    bedrock({ ...common, credentialProvider: wait }),
  ];
  return { counts, providers, fetch: common.fetch };
}

test("fetch() stops waiting for a credential at once when it is aborted", async () => {
  let abort = new AbortController();
  const { counts, providers } = hanging(() => abort.abort(new Error("enough")));
  for (const { fetch, url } of providers) {
    for (const viaRequest of [false, true]) {
      abort = new AbortController();
      const { signal } = abort;
      const wait = viaRequest ? fetch(new Request(url, { signal })) : fetch(url, { signal });
      await assert.rejects(wait, { message: "enough" });
    }
  }
  assert.equal(counts.sent, 0);
});

test("fetch() stops waiting for what it signs with at once when it is aborted", async () => {
  const world = { ...PLATFORM, digest: () => new Promise<never>(() => {}) };
  const options = { region: "us-west-2", env: {}, ...EXAMPLE_CREDENTIALS };
  const { fetch, url } = createBedrock(options, { platform: world });
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error("enough")), 5);
  await assert.rejects(fetch(url, { signal: abort.signal }), { message: "enough" });
});

forEverySdk(({ name, OpenAI, APIUserAbortError, APIConnectionTimeoutError, timeoutCoversAuth }) => {
  test(`${name}: the call's signal ends the wait with the SDK's own abort error`, async () => {
    let abort = new AbortController();
    const { counts, providers, fetch } = hanging(() => abort.abort());
    for (const provider of providers) {
      for (const client of [new OpenAI({ provider, fetch }), new OpenAI(provider)]) {
        abort = new AbortController();
        const { signal } = abort;
        await assert.rejects(client.responses.create(BODY, { signal }), APIUserAbortError);
        await assert.rejects(client.responses.create(BODY, { signal }), APIUserAbortError);
      }
    }
    assert.deepEqual(counts, { sent: 0, lookups: 4 });
  });

  test(`${name}: the signal of fetchOptions ends the wait, and nothing is sent`, async () => {
    let abort = new AbortController();
    const { counts, providers, fetch } = hanging(() => abort.abort());
    for (const provider of providers) {
      for (const client of [new OpenAI({ provider, fetch }), new OpenAI(provider)]) {
        abort = new AbortController();
        const fetchOptions = { signal: abort.signal } as object; // the SDK's types forbid it
        await assert.rejects(client.responses.create(BODY, { fetchOptions }), /abort/i);
        await assert.rejects(client.responses.create(BODY, { fetchOptions }), /abort/i);
      }
    }
    assert.deepEqual(counts, { sent: 0, lookups: 4 });
  });

  test(`${name}: a signal that aborts as the credential arrives, or later, lets nothing out`, async () => {
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

  test(`${name}: a lookup has a limit of its own, and the client's timeout where it comes`, async () => {
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

forEverySdk(({ name, OpenAI }) => {
  test(`${name}: a failed lookup reaches the caller as it is and is not retried`, async () => {
    const cause = new Error("vault is sealed");
    let lookups = 0;
    let sent = 0;
    const provider = bedrock({
      region: "us-west-2",
      env: {},
      tokenProvider: () => (lookups++, Promise.reject(cause)),
    });
    const client = new OpenAI({ provider, fetch: async () => (sent++, Response.json({})) });
    await rejects(client.responses.create(BODY).then(), "credentials_failed", "`tokenProvider`");
    assert.deepEqual([lookups, sent], [1, 0]);
  });
});
