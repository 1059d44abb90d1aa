import assert from "node:assert/strict";
import { test } from "node:test";
import {
  azureIdentity,
  githubTokens,
  googleMetadata,
  type ObservedRequest,
  sts,
} from "../../conformance/aws/mod.ts";
import { createGithubActions } from "../../src/sts/tokens/sources.ts";
import {
  azure,
  type Fetch,
  githubActions,
  googleCloud,
  tokenFile,
  vercel,
  webIdentity,
} from "../../sts.ts";
import { fakePlatform, play } from "../support/fake_sts.ts";
import { AUDIENCE, withIssuer } from "../support/local_issuer.ts";
import { onMachine, temporary } from "../support/machine.ts";
import { refuses, rejects, SECRET } from "../support/refusal.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const ISSUED = temporary("issued");
const BEARER = `${SECRET}-of-the-job`;

test("the token of each platform gets a role's credentials, end to end", async () => {
  await withIssuer(async ({ url, provider, sign }) => {
    await onMachine(async ({ serve, write }) => {
      const asked: ObservedRequest[] = [];
      const observe = (each: ObservedRequest) => void asked.push(each);
      const issue = (aud: string) => sign({ aud });
      const resource = "api://aws-example";
      const stsEndpoint = await serve(sts({
        federatedRoles: [{ arn: ARN, trust: { issuer: url }, credentials: ISSUED }],
        identityProviders: [{ ...provider, audiences: [AUDIENCE, resource] }],
      }));
      const github = await serve(githubTokens({ bearer: BEARER, issue, observe }));
      const google = await serve(googleMetadata({ issue, observe }));
      const app = await serve(azureIdentity({ issue, observe, identityHeader: SECRET }));
      const machine = azureIdentity({ issue, observe });
      const path = await write("token", `${await sign()}\n`);
      const sources = {
        githubActions: githubActions({
          env: {
            ACTIONS_ID_TOKEN_REQUEST_URL: `${github}/?api-version=2.0`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: BEARER,
          },
        }),
        googleCloud: googleCloud({ env: { GCE_METADATA_HOST: new URL(google).host } }),
        ofAnAccount: googleCloud({
          serviceAccount: "app@project.iam.gserviceaccount.com",
          env: { GCE_METADATA_HOST: new URL(google).host },
        }),
        azureApp: azure({
          resource,
          clientId: "client",
          env: { IDENTITY_ENDPOINT: `${app}/msi/token`, IDENTITY_HEADER: SECRET },
        }),
        azureMachine: azure({
          resource,
          env: {},
          fetch: (...args) => machine(new Request(...args)),
        }),
        vercelHeaders: vercel({
          headers: new Headers({ "x-vercel-oidc-token": await sign() }),
          env: {},
        }),
        vercelNode: vercel({ headers: { "x-vercel-oidc-token": await sign() }, env: {} }),
        vercelBuild: vercel({ env: { VERCEL_OIDC_TOKEN: await sign() } }),
        kubernetes: tokenFile({ path, env: {} }),
        eks: tokenFile({ env: { AWS_WEB_IDENTITY_TOKEN_FILE: path } }),
      };
      for (const [name, token] of Object.entries(sources)) {
        const { accessKeyId } = await webIdentity({ roleArn: ARN, token, stsEndpoint, env: {} })();
        assert.equal(accessKeyId, ISSUED.accessKeyId, name);
      }
      assert.deepEqual(asked.map(({ method, url }) => `${method} ${url.pathname}${url.search}`), [
        "GET /?api-version=2.0&audience=sts.amazonaws.com",
        "GET /computeMetadata/v1/instance/service-accounts/default/identity?audience=sts.amazonaws.com&format=full",
        "GET /computeMetadata/v1/instance/service-accounts/app%40project.iam.gserviceaccount.com/identity?audience=sts.amazonaws.com&format=full",
        "GET /msi/token?api-version=2019-08-01&resource=api%3A%2F%2Faws-example&client_id=client",
        "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=api%3A%2F%2Faws-example",
      ]);
      assert.equal(asked.at(-1)?.url.host, "169.254.169.254");
    });
  });
});

test("Vercel's own context of a request comes before the variable", async () => {
  const CONTEXT = Symbol.for("@vercel/request-context");
  const token = vercel({ env: { VERCEL_OIDC_TOKEN: "of-the-build" } });
  let headers: object | undefined = { "x-vercel-oidc-token": "of-the-request" };
  Object.assign(globalThis, { [CONTEXT]: { get: () => ({ headers }) } });
  try {
    assert.equal(await token(), "of-the-request");
    headers = {};
    assert.equal(await token(), "of-the-build");
    headers = undefined;
    assert.equal(await token(), "of-the-build");
  } finally {
    Reflect.deleteProperty(globalThis, CONTEXT);
  }
});

test("a platform that gives no token is said to give none, and what to do", async () => {
  await rejects(githubActions({ env: {} })(), "credentials_missing", "id-token: write");
  const half = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.example" };
  await rejects(
    githubActions({ env: half })(),
    "credentials_missing",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  );
  await rejects(
    vercel({ env: {} })(),
    "credentials_missing",
    "x-vercel-oidc-token",
    "VERCEL_OIDC_TOKEN",
  );
  await rejects(
    tokenFile({ env: {} })(),
    "credentials_missing",
    "`path`",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
  );
  await rejects(
    tokenFile({ path: "/nowhere/token", env: {} })(),
    "credentials_failed",
    "/nowhere/token",
  );
});

test("a token file that is empty, not a file or too large is refused", async () => {
  await onMachine(async ({ home, write }) => {
    const read = (path: string) => tokenFile({ path, env: {} })();
    await rejects(read(await write("empty", "\n")), "credentials_invalid", "is missing, blank");
    await rejects(read(await write("two", "a\nb")), "credentials_invalid", "contains white space");
    await rejects(read(home), "credentials_failed", home);
    const large = await write("large", "a".repeat(2 ** 20 + 1));
    await rejects(read(large), "permission_missing", "The token file", "too large");
  });
});

test("what a platform refuses is said with its status and nothing else, and nothing is followed", async () => {
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.example/?a=b",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: BEARER,
  };
  const ask = (fetch: Fetch) => createGithubActions({ env, fetch }, fakePlatform())();
  const echo = () => new Response(`No token for ${BEARER}`, { status: 403 });
  await rejects(ask(play(echo())), "credentials_failed", "GitHub at github.example returned 403");
  const headers = { location: "https://elsewhere.example" };
  const redirecting = play(new Response(null, { status: 302, headers }));
  await rejects(ask(redirecting), "credentials_failed", "redirected");
  assert.deepEqual(redirecting.sent.map(({ url }) => url), [
    "https://github.example/?a=b&audience=sts.amazonaws.com",
  ]);
  const flaky = play(
    new Response("", { status: 503 }),
    new TypeError("x"),
    Response.json({ value: "token" }),
  );
  assert.equal(await ask(flaky), "token");
  assert.equal(flaky.sent[0]?.headers.get("authorization"), `Bearer ${BEARER}`);
  await rejects(ask(play(Response.json({ value: 1 }))), "credentials_invalid", "from GitHub");
  await rejects(ask(play(new Response("<html>"))), "credentials_invalid", "from GitHub");
});

test("a job's secret is sent over https only, and to no other host", async () => {
  for (
    const address of ["http://github.example/", "github.example", "https://u:p@github.example"]
  ) {
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: BEARER };
    const fetch = play();
    await rejects(
      githubActions({ env, fetch })(),
      "base_url_invalid",
      "ACTIONS_ID_TOKEN_REQUEST_URL",
    );
    assert.equal(fetch.sent.length, 0);
  }
});

test("options of a token that cannot work are refused", () => {
  refuses(() => githubActions({ audience: " " }), "option_invalid", "`audience`");
  refuses(() => googleCloud({ serviceAccount: "" }), "option_invalid", "`serviceAccount`");
  refuses(() => azure({} as never), "option_invalid", "`resource` is missing");
  refuses(() => vercel({ headers: "x" as never }), "option_invalid", "`headers`");
  refuses(() => tokenFile({ path: 1 as never }), "option_invalid", "`path`");
  refuses(() => githubActions(null as never), "option_invalid", "`githubActions()`");
});
