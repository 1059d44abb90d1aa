import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { mintKey } from "../../mod.ts";
import { runFresh } from "../support/fresh_process.ts";
import { withMantle } from "../support/local_mantle.ts";
import { withProcess } from "../support/long_process.ts";
import { keyVariables } from "../support/machine.ts";
import { openLink, withPageServer } from "../support/page_server.ts";
import { closedExchange } from "../support/raw_http.ts";
import { ASK_KEY, assertRefused } from "../support/without_key.ts";

const KEYS = keyVariables(EXAMPLE_CREDENTIALS);

const path = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

test("examples/browser gives a key only to its own page, whose link works once", async () => {
  const { key } = await mintKey({ ...EXAMPLE_CREDENTIALS, region: "us-west-2", env: {} });
  await withPageServer("page.js", { AWS_BEARER_TOKEN_BEDROCK: key }, async (link) => {
    const { origin, host, port, search } = new URL(link);
    const own = { Host: host };
    const foreign = `rebound.example:${port}`;
    const refuses = async (
      status: number,
      target: string,
      headers: Readonly<Record<string, string>>,
    ) => {
      const { head, body, ...response } = await closedExchange(origin, target, headers);
      assert.equal(response.status, status, `${target} ${JSON.stringify(headers)}`);
      assert.ok(!body.includes(key) && !/^set-cookie|^access-control/im.test(head), head);
    };

    // Before anybody has opened the link: no other site spends it
    const opening = `GET /${search}`;
    await refuses(403, opening, { Host: foreign });
    await refuses(403, opening, { Host: `localhost:${port}` });
    await refuses(403, opening, { ...own, "Sec-Fetch-Site": "cross-site" });
    await refuses(401, "GET /", own);
    await refuses(401, "GET /?token=", own);
    await refuses(401, `POST /${search}`, own);
    await refuses(401, "POST /key", own);

    const { home, cookie } = await openLink(link);
    const { pathname } = new URL(home);
    assert.match(pathname, /^\/[\w-]{43}\/$/);
    const asking = `POST ${pathname}key`;
    const logged = { ...own, Cookie: cookie };

    // Another user of the machine, who has neither link nor cookie
    await refuses(401, opening, own);
    await refuses(401, "POST /key", own);
    await refuses(401, asking, own);
    await refuses(401, asking, { ...own, Cookie: "session=" });
    await refuses(401, asking, { ...own, Cookie: `session=${"a".repeat(43)}` });
    await refuses(401, `GET ${pathname}`, own);

    // Other sites, whose requests a browser sends with the cookie
    await refuses(403, asking, { ...logged, Host: foreign });
    await refuses(403, asking, { ...logged, Host: foreign, Origin: `http://${foreign}` });
    await refuses(403, asking, { ...logged, Origin: "https://other.example" });
    await refuses(403, asking, { ...logged, Origin: "null" });
    await refuses(403, asking, { ...logged, Origin: `http://127.0.0.1:1` });
    await refuses(403, asking, { ...logged, "Sec-Fetch-Site": "cross-site" });
    await refuses(403, asking, { ...logged, "Sec-Fetch-Site": "same-site" });
    await refuses(403, `OPTIONS ${pathname}key`, { ...logged, Origin: "https://other.example" });
    await refuses(404, `GET ${pathname}key`, logged);
    await refuses(404, "POST /key", logged);

    const browser = { Origin: origin, "Sec-Fetch-Site": "same-origin" };
    const { status, body } = await closedExchange(origin, asking, { ...logged, ...browser });
    assert.ok(status === 200 && body.includes(key), body);
  });
});

test("examples/browser hides its cookie from scripts, other sites and other paths", async () => {
  await withPageServer("page.js", {}, async (link) => {
    const response = await fetch(link, { redirect: "manual" });
    const { pathname } = new URL(response.headers.get("location") ?? "", link);
    assert.match(
      response.headers.get("set-cookie") ?? "",
      new RegExp(`^session=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=${pathname}$`),
    );
  });
});

test("examples/hono.ts calls Bedrock only for callers with its key, and needs one to start", async () => {
  await withMantle(async ({ baseURL, received }) => {
    const place = { AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: baseURL };
    await assert.rejects(runFresh(path("hono.ts"), [], { ...KEYS, ...place }), /Set ASK_KEY/);
    await withProcess(path("hono.ts"), [], async (running) => {
      const [, origin = ""] = /^Listening on (\S+)\n/.exec(await running.printed(/\n/)) ?? [];
      await assertRefused(origin, "POST /ask");
    }, { ...KEYS, ...place, ASK_KEY, PORT: "0" });
    assert.equal(received.length, 0);
  });
});
