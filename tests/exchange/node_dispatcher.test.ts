import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { test } from "node:test";
import { bedrock } from "../../mod.ts";

interface Dispatcher {
  dispatch(options: object, handler: unknown): boolean;
}

/** Lowers the limits of Node's `fetch` from 300 seconds to the least; others have none. */
async function withLowLimits(run: () => Promise<void>): Promise<void> {
  new Headers(); // Node sets its dispatcher on first need
  const globals = globalThis as unknown as Record<symbol, Dispatcher | undefined>;
  const isNew = Number.parseInt(process.versions.undici ?? "") >= 8;
  const name = Symbol.for(`undici.globalDispatcher.${isNew ? 2 : 1}`);
  const dispatcher = globals[name];
  if (!dispatcher) return await run();
  const low = { headersTimeout: 1, bodyTimeout: 1 };
  globals[name] = {
    dispatch: (options, handler) => dispatcher.dispatch({ ...low, ...options }, handler),
  };
  try {
    await run();
  } finally {
    globals[name] = dispatcher;
  }
}

test("a response that begins or goes on later than Node's fetch waits arrives whole", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = createServer(async ({ url }, response) => {
    if (url?.endsWith("/paused")) response.write("first ");
    await released;
    response.end("last");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  try {
    await withLowLimits(async () => {
      const { url, fetch } = bedrock({ baseURL, apiKey: "key", env: {} });
      const late = [`${url}/late`, new Request(`${url}/paused`)].map(async (input) =>
        await (await fetch(input)).text()
      );
      if ("process" in globalThis && !("Deno" in globalThis) && !("Bun" in globalThis)) {
        for (const path of ["late", "paused"]) {
          await assert.rejects(async () => await (await globalThis.fetch(`${url}/${path}`)).text());
        }
      }
      release();
      assert.deepEqual(await Promise.all(late), ["last", "first last"]);
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
