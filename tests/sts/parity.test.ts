import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fromCognitoIdentityPool,
  fromTemporaryCredentials,
  fromTokenFile,
  fromWebToken,
} from "@aws-sdk/credential-providers";
import {
  cognitoIdentity as cognitoService,
  type ObservedRequest,
  sts,
} from "../../conformance/aws/mod.ts";
import { assumeRole, cognitoIdentity, tokenFile, webIdentity } from "../../sts.ts";
import { withIssuer } from "../support/local_issuer.ts";
import { onMachine, temporary, USER_KEYS } from "../support/machine.ts";
import { withVariables } from "../support/variables.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const POOL = "us-west-2:00000000-0000-0000-0000-000000000000";
const ISSUED = temporary("issued");

const SESSION = {
  roleArn: ARN,
  roleSessionName: "tests",
  durationSeconds: 900,
  policy: '{"Version":"2012-10-17","Statement":[]}',
};
const POLICIES = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];

/** The parts of a request that decide on the response: not the order of parameters, and nothing of the client. */
function essence({ method, url, headers, body }: ObservedRequest) {
  const text = new TextDecoder().decode(body);
  const isForm = headers.get("content-type")?.includes("form-urlencoded");
  const [, signed] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), /.exec(headers.get("authorization") ?? "") ?? [];
  return {
    method,
    path: url.pathname + url.search,
    type: headers.get("content-type")?.split(";")[0],
    target: headers.get("x-amz-target"),
    signedBy: signed?.replace(/\/\d{8}\//, "/<date>/"),
    token: headers.get("x-amz-security-token"),
    body: isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text, hideIdentity),
  };
}

/** Each guest is another one. */
const hideIdentity = (name: string, value: unknown) => name === "IdentityId" ? "<id>" : value;

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Asks by AWS's package and by ours, and asserts the same requests and the same credentials. */
async function assertSame(
  asked: ObservedRequest[],
  theirs: () => Promise<Identity>,
  ours: () => Promise<Identity>,
): Promise<void> {
  const found: object[] = [];
  const requests: object[] = [];
  for (const provide of [theirs, ours]) {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provide();
    // The service's clock may have turned to the next second
    const minute = Math.round((expiration?.getTime() ?? 0) / 60_000);
    found.push({ accessKeyId, secretAccessKey, sessionToken, minute });
    requests.push(asked.splice(0).map(essence));
  }
  assert.deepEqual(requests[1], requests[0]);
  assert.deepEqual(found[1], found[0]);
}

test("web identity asks for what AWS's own package does, by a token and by a file", async () => {
  await withIssuer(async ({ url, provider, sign }) => {
    await onMachine(async ({ serve, write, variables }) => {
      const asked: ObservedRequest[] = [];
      const stsEndpoint = await serve(sts({
        federatedRoles: [{ arn: ARN, trust: { issuer: url }, credentials: ISSUED }],
        identityProviders: [provider],
        observe: (each) => void asked.push(each),
      }));
      const token = await sign();
      const clientConfig = { region: "us-west-2", endpoint: stsEndpoint };
      const policyArns = POLICIES.map((arn) => ({ arn }));
      await assertSame(
        asked,
        fromWebToken({ ...SESSION, policyArns, webIdentityToken: token, clientConfig }),
        webIdentity({ ...SESSION, policyArns: POLICIES, token, stsEndpoint, env: {} }),
      );
      const place = {
        AWS_REGION: "us-west-2",
        AWS_ENDPOINT_URL_STS: `${stsEndpoint}/below/`,
        AWS_ROLE_ARN: ARN,
        AWS_ROLE_SESSION_NAME: "tests",
        AWS_WEB_IDENTITY_TOKEN_FILE: await write("token", token),
      };
      await withVariables(variables(place), async () => {
        await assertSame(asked, fromTokenFile(), webIdentity({ token: tokenFile() }));
      });
    });
  });
});

test("a role is assumed as by AWS's own package, with keys and with a session's credentials", async () => {
  await onMachine(async ({ serve }) => {
    const asked: ObservedRequest[] = [];
    const callers = [USER_KEYS, temporary("caller")];
    const stsEndpoint = await serve(sts({
      region: "us-west-2",
      roles: [{ arn: ARN, callers, externalId: "é ü+&=", credentials: ISSUED }],
      observe: (each) => void asked.push(each),
    }));
    for (const credentials of callers) {
      const { roleArn, roleSessionName, durationSeconds, policy } = SESSION;
      const externalId = "é ü+&=";
      const params = {
        RoleArn: roleArn,
        RoleSessionName: roleSessionName,
        DurationSeconds: durationSeconds,
        Policy: policy,
        PolicyArns: POLICIES.map((arn) => ({ arn })),
        ExternalId: externalId,
        Tags: [{ Key: "team", Value: "a b" }, { Key: "x", Value: "" }],
        TransitiveTagKeys: ["team"],
        SourceIdentity: "alice",
      };
      const clientConfig = { region: "us-west-2", endpoint: stsEndpoint };
      await assertSame(
        asked,
        fromTemporaryCredentials({ params, masterCredentials: credentials, clientConfig }),
        assumeRole({
          ...SESSION,
          region: "us-west-2",
          stsEndpoint,
          env: {},
          credentials,
          externalId,
          policyArns: POLICIES,
          tags: { team: "a b", x: "" },
          transitiveTagKeys: ["team"],
          sourceIdentity: "alice",
        }),
      );
    }
  });
});

test("a Cognito identity is asked for as by AWS's own package", async () => {
  await withIssuer(async ({ url, provider, sign }) => {
    await onMachine(async ({ serve }) => {
      const asked: ObservedRequest[] = [];
      const cognitoEndpoint = await serve(cognitoService({
        identityPoolId: POOL,
        identityProviders: [provider],
        guests: true,
        credentials: ISSUED,
        observe: (each) => void asked.push(each),
      }));
      const logins = { [new URL(url).host]: await sign() };
      const clientConfig = { region: "us-west-2", endpoint: cognitoEndpoint };
      for (const whose of [{ logins }, {}]) {
        await assertSame(
          asked,
          fromCognitoIdentityPool({ identityPoolId: POOL, clientConfig, ...whose }),
          cognitoIdentity({ identityPoolId: POOL, cognitoEndpoint, env: {}, ...whose }),
        );
      }
    });
  });
});

test("AWS's own clients take a provider of ours as their credentials", async () => {
  await onMachine(async ({ serve }) => {
    const asked: ObservedRequest[] = [];
    const first = temporary("first");
    const stsEndpoint = await serve(sts({
      region: "us-west-2",
      roles: [{ arn: ARN, callers: [first], credentials: ISSUED }],
      federatedRoles: [{ arn: `${ARN}-first`, token: "token", credentials: first }],
      observe: (each) => void asked.push(each),
    }));
    const masterCredentials = webIdentity({
      roleArn: `${ARN}-first`,
      token: "token",
      stsEndpoint,
      env: {},
    });
    const provide = fromTemporaryCredentials({
      params: { RoleArn: ARN, RoleSessionName: "tests" },
      masterCredentials,
      clientConfig: { region: "us-west-2", endpoint: stsEndpoint },
    });
    for (const _ of [1, 2]) assert.equal((await provide()).accessKeyId, ISSUED.accessKeyId);
    assert.deepEqual(asked.map(({ operation }) => operation), [
      "AssumeRoleWithWebIdentity",
      "AssumeRole",
      "AssumeRole",
    ]);
  });
});
