import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { bedrock } from "../../aws.ts";
import { type ObservedRequest, sts } from "../../conformance/aws/mod.ts";
import { observer, onMachine, section, temporary } from "../support/machine.ts";
import { AUDIENCE, SUBJECT, withIssuer } from "../support/local_issuer.ts";
import { SECRET } from "../support/refusal.ts";
import { withVariables } from "../support/variables.ts";

const ARN = "arn:aws:iam::123456789012:role/pod";
const ISSUED = temporary("pod");
const TOKEN = `eyJ.${SECRET}.jwt`;
const ROLE = { arn: ARN, token: TOKEN, credentials: ISSUED };

test("the token file in variables signs, as in a pod on EKS", async () => {
  await onMachine(async ({ write, serve, signsAs }) => {
    const { asked, observe } = observer();
    await signsAs(ISSUED, {
      AWS_ENDPOINT_URL_STS: await serve(sts({ federatedRoles: [ROLE], observe })),
      AWS_REGION: "us-west-2",
      AWS_ROLE_ARN: ARN,
      AWS_WEB_IDENTITY_TOKEN_FILE: await write("token", TOKEN),
      AWS_ROLE_SESSION_NAME: "tests",
    });
    assert.deepEqual(asked.map(({ operation }) => operation), ["AssumeRoleWithWebIdentity"]);
    assert.equal(asked[0]?.headers.get("authorization"), null);
    const parameters = new URLSearchParams(new TextDecoder().decode(asked[0]?.body));
    assert.equal(parameters.get("RoleSessionName"), "tests");
  });
});

test("a profile with a token file signs", async () => {
  await onMachine(async ({ write, serve, signsAs }) => {
    const settings = { role_arn: ARN, web_identity_token_file: await write("token", TOKEN) };
    await write(".aws/config", section("profile pod", { ...settings, region: "eu-west-1" }));
    await signsAs(ISSUED, {
      AWS_ENDPOINT_URL_STS: await serve(sts({ federatedRoles: [ROLE] })),
      AWS_PROFILE: "pod",
    });
  });
});

test("explain() names the issuer, the audience, the subject and the expiry of the token, and not the token", async () => {
  await withIssuer(async ({ url, provider, sign }) => {
    await onMachine(async ({ write, serve, variables }) => {
      const role = { arn: ARN, trust: { issuer: url }, credentials: ISSUED };
      const service = sts({ federatedRoles: [role], identityProviders: [provider] });
      const token = await sign();
      const settings = {
        role_arn: ARN,
        web_identity_token_file: await write("token", token),
        endpoint_url: await serve(service),
      };
      await write(".aws/config", section("profile pod", settings));
      const { ok, auth } = await withVariables(
        variables({ AWS_PROFILE: "pod" }),
        () => bedrock({ region: "us-west-2" }).explain(),
      );
      assert.ok(ok);
      const claims = `issuer ${url}, audience ${AUDIENCE}, subject ${SUBJECT}, expires 20`;
      assert.ok(auth.source.startsWith(`profile pod: web identity: ${claims}`), auth.source);
      assert.ok(!auth.source.includes(token));
    });
  });
});

test("a token that was rotated in its file is read again", async () => {
  await onMachine(async ({ write, serve, signsAs }) => {
    const next = { ...ROLE, token: `${TOKEN}.next`, credentials: temporary("next") };
    const token = await write("token", TOKEN);
    const variables = {
      AWS_ENDPOINT_URL_STS: await serve(sts({ federatedRoles: [ROLE, next] })),
      AWS_REGION: "us-west-2",
      AWS_ROLE_ARN: ARN,
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
    };
    await signsAs(ISSUED, variables);
    await writeFile(token, next.token);
    await signsAs(next.credentials, variables);
  });
});

test("a wrong token, an expired one, another role and a missing file yield nothing", async () => {
  await onMachine(async ({ home, write, serve, findsNone }) => {
    const ended = { ...ROLE, token: `${TOKEN}.ended`, tokenExpires: Date.now() - 1000 };
    const refusals: unknown[] = [];
    const observe = ({ refusal }: ObservedRequest) => void refusals.push(refusal);
    const variables = {
      AWS_ENDPOINT_URL_STS: await serve(sts({ federatedRoles: [ROLE, ended], observe })),
      AWS_REGION: "us-west-2",
      AWS_ROLE_ARN: ARN,
      AWS_WEB_IDENTITY_TOKEN_FILE: await write("token", TOKEN),
    };
    await findsNone({ ...variables, AWS_ROLE_ARN: `${ARN}-other` }, "AccessDenied");
    await write("token", `${TOKEN}.wrong`);
    await findsNone(variables);
    await write("token", ended.token);
    await findsNone(variables, "ExpiredToken");
    await findsNone({ ...variables, AWS_WEB_IDENTITY_TOKEN_FILE: `${home}/absent` });
    assert.deepEqual(refusals, ["AccessDenied", "InvalidIdentityToken", "ExpiredTokenException"]);
  });
});
