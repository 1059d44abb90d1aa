import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { type ObservedRequest, sts } from "../../conformance/aws/mod.ts";
import { bedrock } from "../../mod.ts";
import { BedrockError, type Fetch, webIdentity, type WebIdentityOptions } from "../../sts.ts";
import { AUDIENCE, type LocalIssuer, SUBJECT, withIssuer } from "../support/local_issuer.ts";
import { onMachine, temporary } from "../support/machine.ts";
import { rejects } from "../support/refusal.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const ISSUED = temporary("issued");

/** STS with one role for an issuer, and what it was asked. */
function roleFor({ url, provider }: LocalIssuer) {
  const asked: ObservedRequest[] = [];
  const trust = { issuer: url, audience: AUDIENCE, subject: "repo:example/*" };
  const handler = sts({
    federatedRoles: [{ arn: ARN, trust, credentials: ISSUED }],
    identityProviders: [provider],
    observe: (each) => void asked.push(each),
  });
  return { handler, asked };
}

function parametersOf(asked: ObservedRequest | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(asked?.body)));
}

for (const alg of ["RS256", "ES256"] as const) {
  test(`a token that is signed with ${alg} signs requests to Bedrock, by one request to STS`, async () => {
    await withIssuer(async (issuer) => {
      await onMachine(async ({ serve, serveMantle }) => {
        const { handler, asked } = roleFor(issuer);
        const token = await issuer.sign();
        const credentialProvider = webIdentity({
          roleArn: ARN,
          token: () => token,
          roleSessionName: "tests",
          durationSeconds: 900,
          stsEndpoint: await serve(handler),
          env: {},
        });
        const baseURL = await serveMantle(ISSUED);
        const provider = bedrock({
          region: "us-west-2",
          endpoint: "mantle",
          baseURL,
          env: {},
          credentialProvider,
        });
        const client = new OpenAI({ provider, maxRetries: 0 });
        for (const input of ["Say hello!", "Say hello!"]) {
          const { output_text } = await client.responses.create({ model: "openai.gpt-5.4", input });
          assert.match(output_text, /Say hello!/);
        }
        assert.equal(asked.length, 1);
        const [{ method, url, headers }] = asked as [ObservedRequest];
        assert.deepEqual([method, url.pathname, url.search], ["POST", "/", ""]);
        assert.match(headers.get("content-type")!, /^application\/x-www-form-urlencoded/);
        assert.equal(headers.get("authorization"), null);
        assert.deepEqual(parametersOf(asked[0]), {
          Action: "AssumeRoleWithWebIdentity",
          Version: "2011-06-15",
          RoleArn: ARN,
          RoleSessionName: "tests",
          DurationSeconds: "900",
          WebIdentityToken: token,
        });
      });
    }, alg);
  });
}

test("what STS refuses is explained: what it said, what the token says, and what to do", async () => {
  await withIssuer(async (issuer) => {
    await onMachine(async ({ serve }) => {
      const { handler } = roleFor(issuer);
      const stsEndpoint = await serve(handler);
      const past = Math.floor(Date.now() / 1000) - 60;
      const ask = (token: string, more: Partial<WebIdentityOptions> = {}) =>
        webIdentity({ roleArn: ARN, token, stsEndpoint, env: {}, ...more })();
      const claims = [`issuer ${issuer.url}`, `audience ${AUDIENCE}`];
      await rejects(
        ask(await issuer.sign({ sub: "repo:other/app" })),
        "credentials_failed",
        'STS refused AssumeRoleWithWebIdentity with AccessDenied: "Not authorized to perform',
        `Let the trust policy of ${ARN}`,
        ...claims,
        "subject repo:other/app",
      );
      await rejects(
        ask(await issuer.sign(), { roleArn: `${ARN}-other` }),
        "credentials_failed",
        "AccessDenied",
        `subject ${SUBJECT}`,
      );
      await rejects(
        ask(await issuer.sign({ aud: "https://github.com/example" })),
        "credentials_failed",
        "InvalidIdentityToken",
        "Incorrect token audience",
        "audience https://github.com/example",
        "sts.amazonaws.com",
      );
      await rejects(
        ask(await issuer.sign({ iss: "https://issuer.example" })),
        "credentials_failed",
        "No OpenIDConnect provider found in your account for https://issuer.example",
        `in the account of ${ARN}, for https://issuer.example`,
      );
      await rejects(ask(await issuer.forge()), "credentials_failed", "Pass an ID token");
      await rejects(
        ask("opaque-access-token"),
        "credentials_failed",
        "not a valid JWT",
        "Pass an ID token",
      );
      await rejects(
        ask(await issuer.sign({ exp: past })),
        "credentials_failed",
        "ExpiredTokenException",
        new Date(past * 1000).toISOString(),
        "Pass a callback",
      );
      await rejects(
        ask(await issuer.sign(), { durationSeconds: 7200 }),
        "credentials_failed",
        "MaxSessionDuration",
        "Lower `durationSeconds`",
      );
      issuer.isUp = false;
      await rejects(
        ask(await issuer.sign()),
        "credentials_failed",
        "Couldn't retrieve verification key",
        `/.well-known/openid-configuration and the keys that it names at ${issuer.url}`,
      );
    });
  });
});

test("a refusal is there as facts, for programs", async () => {
  await withIssuer(async (issuer) => {
    const { handler } = roleFor(issuer);
    const token = await issuer.sign({ sub: "repo:other/app" });
    const fetch: Fetch = (...args) => handler(new Request(...args));
    const provider = webIdentity({ region: "us-west-2", roleArn: ARN, token, env: {}, fetch });
    await assert.rejects(provider, (error) => {
      assert.ok(error instanceof BedrockError && error.refusal);
      const { requestId, ...known } = error.refusal;
      assert.match(requestId ?? "", /^[0-9a-f-]{36}$/);
      assert.deepEqual(known, {
        service: "STS",
        operation: "AssumeRoleWithWebIdentity",
        code: "AccessDenied",
        message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        status: 403,
      });
      return true;
    });
  });
});

test("a token that has expired is asked for again, once", async () => {
  await withIssuer(async (issuer) => {
    const { handler, asked } = roleFor(issuer);
    const old = await issuer.sign({ exp: 1 });
    const refreshes: unknown[] = [];
    const provide = (next: string) =>
      webIdentity({
        region: "us-west-2",
        roleArn: ARN,
        token: (properties) => {
          refreshes.push(properties?.forceRefresh);
          return properties?.forceRefresh ? next : old;
        },
        env: {},
        fetch: (...args) => handler(new Request(...args)),
      });
    assert.equal((await provide(await issuer.sign())()).accessKeyId, ISSUED.accessKeyId);
    assert.deepEqual(refreshes, [undefined, true]);
    assert.deepEqual(asked.map(({ refusal }) => refusal), ["ExpiredTokenException", undefined]);
    await rejects(provide(old)(), "credentials_failed", "ExpiredTokenException");
    assert.equal(asked.length, 3, "the same token is not sent twice");
  });
});
