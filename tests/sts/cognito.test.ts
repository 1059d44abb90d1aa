import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import {
  cognitoIdentity as cognitoService,
  type CognitoIdentityOptions as ServiceOptions,
  type ObservedRequest,
} from "../../conformance/aws/mod.ts";
import { bedrock } from "../../mod.ts";
import { createCognitoIdentity } from "../../src/sts/cognito_identity.ts";
import { cognitoIdentity, type CognitoIdentityOptions, type Fetch } from "../../sts.ts";
import { fakePlatform, play } from "../support/fake_sts.ts";
import { type LocalIssuer, withIssuer } from "../support/local_issuer.ts";
import { onMachine, temporary } from "../support/machine.ts";
import { refuses, rejects } from "../support/refusal.ts";

const POOL = "us-west-2:00000000-0000-0000-0000-000000000000";
const ISSUED = temporary("issued");

/** A pool, and what it was asked. */
function poolFor(options: Partial<ServiceOptions>) {
  const asked: ObservedRequest[] = [];
  const observe = (each: ObservedRequest) => void asked.push(each);
  const handler = cognitoService({
    identityPoolId: POOL,
    credentials: ISSUED,
    observe,
    ...options,
  });
  const fetch: Fetch = (...args) => handler(new Request(...args));
  return { handler, fetch, asked };
}

const nameOf = ({ url }: LocalIssuer) => new URL(url).host;

test("a user's token signs requests to Bedrock, by two requests that are not signed", async () => {
  await withIssuer(async (issuer) => {
    await onMachine(async ({ serve, serveMantle }) => {
      const { handler, asked } = poolFor({ identityProviders: [issuer.provider] });
      const credentialProvider = cognitoIdentity({
        identityPoolId: POOL,
        logins: { [nameOf(issuer)]: () => issuer.sign() },
        cognitoEndpoint: await serve(handler),
        env: {},
      });
      const baseURL = await serveMantle(ISSUED);
      const place = { region: "us-west-2", endpoint: "mantle", baseURL, env: {} } as const;
      const client = new OpenAI({ provider: bedrock({ ...place, credentialProvider }) });
      const body = { model: "openai.gpt-5.4", input: "Say hello!" };
      assert.match((await client.responses.create(body)).output_text, /Say hello!/);
      await client.responses.create(body);
      await credentialProvider({ forceRefresh: true });
      const operations = ["GetId", "GetCredentialsForIdentity", "GetCredentialsForIdentity"];
      assert.deepEqual(asked.map(({ operation }) => operation), operations);
      for (const { headers } of asked) {
        assert.equal(headers.get("authorization"), null);
        assert.equal(headers.get("content-type"), "application/x-amz-json-1.1");
      }
    });
  });
});

test("a guest needs no token, and the region is the pool's", async () => {
  const { fetch, asked } = poolFor({ guests: true });
  const found = await cognitoIdentity({
    identityPoolId: POOL,
    fetch,
    env: { AWS_REGION: "eu-west-1" },
  })();
  assert.equal(found.sessionToken, ISSUED.sessionToken);
  const left = found.expiration!.getTime() - Date.now();
  assert.ok(left > 3_590_000 && left <= 3_600_000, `${left}`);
  assert.deepEqual(asked.map(({ url }) => url.href), [
    "https://cognito-identity.us-west-2.amazonaws.com/",
    "https://cognito-identity.us-west-2.amazonaws.com/",
  ]);
});

test("what Cognito refuses is explained", async () => {
  await withIssuer(async (issuer) => {
    const { fetch } = poolFor({ identityProviders: [issuer.provider] });
    const ask = (more: Partial<CognitoIdentityOptions>) =>
      cognitoIdentity({ identityPoolId: POOL, fetch, env: {}, ...more })();
    const withToken = (token: string) => ask({ logins: { [nameOf(issuer)]: token } });
    await rejects(
      ask({}),
      "credentials_failed",
      'Cognito refused GetId with NotAuthorizedException: "Unauthenticated access is not supported',
      "Pass `logins`",
    );
    await rejects(
      ask({ logins: { "other.example": await issuer.sign() } }),
      "credentials_failed",
      "not from a supported provider",
      "Compare the names in `logins`",
      `issuer ${issuer.url}`,
    );
    await rejects(
      withToken(await issuer.sign({ iss: "https://other.example" })),
      "credentials_failed",
      "Issuer doesn't match providerName",
      "issuer https://other.example",
    );
    await rejects(
      withToken(await issuer.sign({ exp: 1 })),
      "credentials_failed",
      "Token expired",
      "Pass a callback in its place",
    );
    const other = "us-west-2:11111111-0000-0000-0000-000000000000";
    await rejects(
      ask({ identityPoolId: other }),
      "credentials_failed",
      "ResourceNotFoundException",
      other,
      "Check `identityPoolId`",
    );
  });
});

test("an identity that is gone is asked for again with the next lookup", async () => {
  const identity = () => Response.json({ IdentityId: "us-west-2:1" });
  const gone = Response.json({
    __type: "ResourceNotFoundException",
    message: "Identity 'us-west-2:1' not found.",
  }, { status: 400 });
  const Credentials = {
    AccessKeyId: "ASIA1",
    SecretKey: "s",
    SessionToken: "t",
    Expiration: 1767276000.5,
  };
  const fetch = play(identity(), gone, identity(), Response.json({ Credentials }));
  const provider = createCognitoIdentity({ identityPoolId: POOL, fetch, env: {} }, fakePlatform());
  await rejects(provider(), "credentials_failed", "ResourceNotFoundException");
  assert.deepEqual((await provider()).expiration, new Date(1767276000500));
});

test("Cognito's throttling is waited for, and a response without credentials is refused", async () => {
  const platform = fakePlatform();
  const busy = () => Response.json({ __type: "TooManyRequestsException" }, { status: 400 });
  const busyFetch = play(busy(), busy(), busy());
  const provider = createCognitoIdentity(
    { identityPoolId: POOL, fetch: busyFetch, env: {} },
    platform,
  );
  await rejects(provider(), "credentials_failed", "TooManyRequestsException", "too many requests");
  assert.equal(platform.waits.length, 2);
  const empty = play(Response.json({ IdentityId: "us-west-2:1" }), Response.json({}));
  const other = createCognitoIdentity({ identityPoolId: POOL, fetch: empty, env: {} }, platform);
  await rejects(other(), "credentials_invalid", "from Cognito");
  const page = play(new Response("<html>"));
  const third = createCognitoIdentity({ identityPoolId: POOL, fetch: page, env: {} }, platform);
  await rejects(third(), "credentials_failed", "`cognitoEndpoint` leads to Cognito");
});

test("options of an identity that cannot work are refused", async () => {
  const wrong: readonly [Record<string, unknown>, string][] = [
    [{ identityPoolId: undefined }, "identityPoolId"],
    [{ identityPoolId: "00000000-0000-0000-0000-000000000000" }, "identityPoolId"],
    [{ identityPoolId: "us-west-2:../x" }, "identityPoolId"],
    [{ logins: "token" }, "logins"],
    [{ logins: { a: 1 } }, "logins"],
    [{ customRoleArn: "x" }, "customRoleArn"],
    [{ cognitoEndpoint: " " }, "cognitoEndpoint"],
  ];
  for (const [more, name] of wrong) {
    const options = { identityPoolId: POOL, env: {}, ...more } as CognitoIdentityOptions;
    refuses(() => cognitoIdentity(options), "option_invalid", `\`${name}\``);
  }
  const elsewhere = cognitoIdentity({ identityPoolId: POOL, region: "eu-west-1", env: {} });
  await rejects(elsewhere(), "base_url_mismatch", "us-west-2", "`region`");
});
