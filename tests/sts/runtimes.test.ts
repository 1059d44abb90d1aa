import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { cognitoIdentity, sts } from "../../conformance/aws/mod.ts";
import { noBundler, withBundle } from "../support/bundled.ts";
import { noChromium, waitForText } from "../support/chromium_page.ts";
import { AUDIENCE, withIssuer } from "../support/local_issuer.ts";
import { withServer } from "../support/local_mantle.ts";
import { onMachine, temporary } from "../support/machine.ts";
import { isMissing } from "../support/required.ts";
import { askWithBoth, type PortableSetup } from "../support/sts_portable.ts";
import { noWorkerd, withWorker } from "../support/worker_server.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const POOL = "us-west-2:00000000-0000-0000-0000-000000000000";
const ISSUED = temporary("issued");

const EXPECTED =
  /^web identity: .*Say hello!.*\nCognito: .*Say hello!.*\nrefused: STS refused AssumeRoleWithWebIdentity with AccessDenied/;

/** Runs a test with an issuer, STS, a Cognito pool and Mantle, each on an origin of its own. */
async function withServices(run: (setup: PortableSetup) => Promise<void>): Promise<void> {
  await withIssuer(async ({ url, provider, sign }) => {
    await onMachine(async ({ serve, serveMantle }) => {
      const trust = { issuer: url, audience: AUDIENCE };
      const federatedRoles = [{ arn: ARN, trust, credentials: ISSUED }];
      const identityProviders = [provider];
      const pool = { identityPoolId: POOL, identityProviders, credentials: ISSUED };
      await run({
        stsEndpoint: await serve(sts({ federatedRoles, identityProviders })),
        cognitoEndpoint: await serve(cognitoIdentity(pool)),
        baseURL: await serveMantle(ISSUED),
        roleArn: ARN,
        identityPoolId: POOL,
        provider: new URL(url).host,
        token: await sign(),
      });
    });
  });
}

const path = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

test("web identity and Cognito work end to end here", async () => {
  await withServices(async (setup) => assert.match(await askWithBoth(setup), EXPECTED));
});

for (const date of ["workerd-old", "workerd-new"] as const) {
  test(`web identity and Cognito work end to end in ${date}, and nothing of AWS's packages is there`, async (t) => {
    if (isMissing(t, noBundler, noWorkerd)) return;
    await withServices(async (setup) => {
      const conditions = ["workerd", "worker", "browser"];
      await withBundle(path("sts_worker.ts"), "worker", conditions, async (file) => {
        assert.doesNotMatch(
          await readFile(file, "utf8"),
          /node_modules|@aws-sdk|@smithy|@aws-crypto/,
        );
        await withWorker(file, date, { SETUP: JSON.stringify(setup) }, async (origin) => {
          assert.match(await (await fetch(origin)).text(), EXPECTED);
        });
      });
    });
  });
}

test("web identity and Cognito work end to end in a page of Chromium, from another origin", async (t) => {
  if (isMissing(t, noBundler, noChromium)) return;
  await withServices(async (setup) => {
    await withBundle(path("sts_page.ts"), "page", ["browser"], async (file) => {
      const data = JSON.stringify(setup).replaceAll("<", "\\u003c");
      const page = `<script id="setup" type="application/json">${data}</script><p></p>` +
        '<script type="module" src="page.js"></script>';
      await withServer(async (request) => {
        const isScript = new URL(request.url).pathname === "/page.js";
        const type = isScript ? "text/javascript" : "text/html";
        const body = isScript ? await readFile(file, "utf8") : page;
        return new Response(body, { headers: { "content-type": type } });
      }, async (origin) => {
        assert.match(await waitForText(origin, "finished"), EXPECTED);
      });
    });
  });
});
