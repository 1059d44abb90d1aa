import assert from "node:assert/strict";
import { test } from "node:test";
import { type ObservedRequest, type Role, sts } from "../../conformance/aws/mod.ts";
import { createAssumeRole } from "../../src/sts/assume_role.ts";
import {
  assumeRole,
  type AssumeRoleOptions,
  type AwsCredentialIdentity,
  type Fetch,
  webIdentity,
} from "../../sts.ts";
import { fakePlatform, granted, play, refused } from "../support/fake_sts.ts";
import { temporary, USER_KEYS } from "../support/machine.ts";
import { refuses, rejects } from "../support/refusal.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const ISSUED = temporary("issued");
const FIRST = temporary("first");

/** A `fetch` that leads to STS in us-west-2, and what it was asked. */
function stsFor(...roles: Role[]) {
  const asked: ObservedRequest[] = [];
  const federatedRoles = [{ arn: `${ARN}-first`, token: "token", credentials: FIRST }];
  const observe = (each: ObservedRequest) => void asked.push(each);
  const handler = sts({ region: "us-west-2", roles, federatedRoles, observe });
  const fetch: Fetch = (...args) => handler(new Request(...args));
  return { fetch, asked };
}

const PLACE = { region: "us-west-2", env: {} };

test("a role is assumed with keys, by a signature that AWS's own signer verifies", async () => {
  const role = {
    arn: ARN,
    callers: [USER_KEYS],
    externalId: "secret handshake+&",
    credentials: ISSUED,
  };
  const { fetch, asked } = stsFor({ ...role, sessionName: "tests", maxSessionSeconds: 7200 });
  const found = await assumeRole({
    ...PLACE,
    fetch,
    roleArn: ARN,
    credentials: USER_KEYS,
    externalId: "secret handshake+&",
    roleSessionName: "tests",
    durationSeconds: 7200,
    policy: '{"Version":"2012-10-17","Statement":[]}',
    policyArns: [
      "arn:aws:iam::aws:policy/ReadOnlyAccess",
      "arn:aws:iam::aws:policy/job-function/X",
    ],
    sourceIdentity: "alice",
    tags: { team: "a b", __proto__: "x", "": "empty" } as Record<string, string>,
    transitiveTagKeys: ["team"],
    serialNumber: "arn:aws:iam::123456789012:mfa/alice",
    tokenCode: async () => "123456",
  })();
  assert.equal(found.accessKeyId, ISSUED.accessKeyId);
  const left = found.expiration!.getTime() - Date.now();
  assert.ok(left > 7_100_000 && left <= 7_200_000, `${left}`);
  const { Signature: _, ...parameters } = Object.fromEntries(
    new URLSearchParams(new TextDecoder().decode(asked[0]?.body)),
  );
  assert.deepEqual(parameters, {
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: ARN,
    RoleSessionName: "tests",
    DurationSeconds: "7200",
    ExternalId: "secret handshake+&",
    Policy: '{"Version":"2012-10-17","Statement":[]}',
    "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "PolicyArns.member.2.arn": "arn:aws:iam::aws:policy/job-function/X",
    SourceIdentity: "alice",
    SerialNumber: "arn:aws:iam::123456789012:mfa/alice",
    TokenCode: "123456",
    "Tags.member.1.Key": "team",
    "Tags.member.1.Value": "a b",
    "Tags.member.2.Key": "",
    "Tags.member.2.Value": "empty",
    "TransitiveTagKeys.member.1": "team",
  });
});

test("roles chain, each with the credentials of the one before, and keys come from variables", async () => {
  const { fetch, asked } = stsFor(
    { arn: `${ARN}-second`, callers: [FIRST], credentials: temporary("second") },
    { arn: ARN, callers: [temporary("second")], credentials: ISSUED },
    { arn: `${ARN}-of-user`, callers: [USER_KEYS], credentials: ISSUED },
  );
  const first = webIdentity({ ...PLACE, fetch, roleArn: `${ARN}-first`, token: "token" });
  const second = assumeRole({ ...PLACE, fetch, roleArn: `${ARN}-second`, credentials: first });
  const third = assumeRole({ ...PLACE, fetch, roleArn: ARN, credentials: second });
  assert.equal((await third()).accessKeyId, ISSUED.accessKeyId);
  await third();
  assert.deepEqual(asked.map(({ operation }) => operation), [
    "AssumeRoleWithWebIdentity",
    "AssumeRole",
    "AssumeRole",
  ]);
  const env = {
    AWS_REGION: "us-west-2",
    AWS_ACCESS_KEY_ID: USER_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: USER_KEYS.secretAccessKey,
  };
  const ofUser = { roleArn: `${ARN}-of-user`, fetch };
  assert.equal((await assumeRole({ ...ofUser, env })()).accessKeyId, ISSUED.accessKeyId);
  const none = { ...env, AWS_SECRET_ACCESS_KEY: " " };
  await rejects(assumeRole({ ...ofUser, env: none })(), "credentials_missing", "`credentials`");
});

test("what STS refuses is explained: the trust policy, the external id, the durations", async () => {
  const { fetch } = stsFor(
    { arn: ARN, callers: [USER_KEYS], externalId: "right", credentials: ISSUED },
    { arn: `${ARN}-second`, callers: [FIRST], maxSessionSeconds: 43_200, credentials: ISSUED },
  );
  const options = { ...PLACE, fetch, roleArn: ARN, credentials: USER_KEYS };
  const ask = (more: Partial<AssumeRoleOptions>) => assumeRole({ ...options, ...more })();
  await rejects(
    ask({}),
    "credentials_failed",
    "sts:AssumeRole",
    `trust policy of ${ARN}`,
    "pass `externalId`",
  );
  await rejects(ask({ externalId: "wrong" }), "credentials_failed", "`externalId` must be the one");
  await rejects(
    ask({ externalId: "right", durationSeconds: 7200 }),
    "credentials_failed",
    "MaxSessionDuration",
    "Lower `durationSeconds`",
  );
  await rejects(
    ask({ roleArn: `${ARN}-second`, credentials: FIRST, durationSeconds: 7200 }),
    "credentials_failed",
    "1 hour session limit",
    "Set `durationSeconds` to 3600 or less",
  );
  const wrong = { ...USER_KEYS, secretAccessKey: "wrong" };
  await rejects(
    ask({ credentials: wrong }),
    "credentials_failed",
    "SignatureDoesNotMatch",
    "secret of `credentials`",
  );
  const unknown = { ...USER_KEYS, accessKeyId: "AKIAUNKNOWN" };
  await rejects(
    ask({ credentials: unknown }),
    "credentials_failed",
    "InvalidClientTokenId",
    "us-west-2 is enabled for their account",
  );
});

test("refusals that no local server makes are explained in the words that AWS documents", async () => {
  const cases = [
    ["RegionDisabledException", "STS is not activated in this region", "Activate STS in us-west-2"],
    ["MalformedPolicyDocument", "Syntax errors in policy.", "Correct `policy`"],
    ["PackedPolicyTooLarge", "Packed size is 131%", "Shorten `policy`"],
    [
      "AccessDenied",
      "MultiFactorAuthentication failed with invalid MFA one time pass code.",
      "`tokenCode`",
    ],
    [
      "AccessDenied",
      "User: arn:a is not authorized to perform: sts:TagSession on",
      "Allow sts:TagSession",
    ],
    ["RequestTimeTooSkewed", "", "clock"],
    ["Odd", "Something new", 'refused AssumeRole with Odd: "Something new"'],
  ] as const;
  for (const [code, message, advice] of cases) {
    const fetch = play(refused(400, code, message));
    const options = { ...PLACE, fetch, roleArn: ARN, credentials: USER_KEYS };
    await rejects(assumeRole(options)(), "credentials_failed", code, advice);
  }
});

test("credentials that STS refuses are looked up again, once", async () => {
  const { fetch, asked } = stsFor({ arn: ARN, callers: [FIRST], credentials: ISSUED });
  const refreshes: unknown[] = [];
  const provide = (next: AwsCredentialIdentity) =>
    assumeRole({
      ...PLACE,
      fetch,
      roleArn: ARN,
      credentials: (properties) => {
        refreshes.push(properties?.forceRefresh);
        return properties?.forceRefresh ? next : temporary("old");
      },
    });
  assert.equal((await provide(FIRST)()).accessKeyId, ISSUED.accessKeyId);
  assert.deepEqual(refreshes, [undefined, true]);
  await rejects(provide(temporary("old"))(), "credentials_failed", "InvalidClientTokenId");
  assert.equal(asked.length, 3, "the same credentials are not sent twice");
});

test("a clock that is off is corrected by STS's own, over https", async () => {
  const platform = fakePlatform();
  const ahead = 20 * 60_000;
  const { fetch: send } = stsAt(() => platform.time + ahead);
  const seen: string[] = [];
  const fetch: Fetch = async (...args) => {
    const request = new Request(...args);
    seen.push(request.headers.get("x-amz-date")!);
    const response = await send(request);
    response.headers.set("date", new Date(platform.time + ahead).toUTCString());
    return response;
  };
  const options = { ...PLACE, fetch, roleArn: ARN, credentials: USER_KEYS };
  const found = await createAssumeRole(options, platform)();
  assert.equal(found.accessKeyId, ISSUED.accessKeyId);
  assert.deepEqual(seen, ["20260101T120000Z", "20260101T122000Z"]);
  const local = { ...options, stsEndpoint: "http://127.0.0.1:1" };
  await rejects(
    createAssumeRole(local, platform)(),
    "credentials_failed",
    "The clock of this machine",
  );
});

function stsAt(now: () => number) {
  const role = { arn: ARN, callers: [USER_KEYS], credentials: ISSUED };
  const handler = sts({ region: "us-west-2", roles: [role], now });
  const fetch: Fetch = (...args) => handler(new Request(...args));
  return { fetch };
}

test("options that cannot work are refused when the provider is made", () => {
  const wrong: readonly [Record<string, unknown>, string][] = [
    [{ roleArn: undefined }, "roleArn"],
    [{ roleArn: "app" }, "roleArn"],
    [{ roleArn: `${ARN} ` }, "roleArn"],
    [{ roleSessionName: "a b" }, "roleSessionName"],
    [{ durationSeconds: 899 }, "durationSeconds"],
    [{ durationSeconds: "900" }, "durationSeconds"],
    [{ policy: "{" }, "policy"],
    [{ policy: {} }, "policy"],
    [{ policyArns: "arn:aws:iam::aws:policy/x" }, "policyArns"],
    [{ policyArns: ["x"] }, "policyArns"],
    [{ credentials: "keys" }, "credentials"],
    [{ externalId: " " }, "externalId"],
    [{ sourceIdentity: "?" }, "sourceIdentity"],
    [{ tags: { a: 1 } }, "tags"],
    [{ transitiveTagKeys: "a" }, "transitiveTagKeys"],
    [{ serialNumber: "1" }, "tokenCode"],
    [{ tokenCode: () => "123456" }, "serialNumber"],
    [{ tokenCode: "123456", serialNumber: "1" }, "tokenCode"],
    [{ fips: "true" }, "fips"],
    [{ stsEndpoint: "" }, "stsEndpoint"],
    [{ fetch: 1 }, "fetch"],
    [{ env: "x" }, "env"],
  ];
  for (const [more, name] of wrong) {
    const options = {
      ...PLACE,
      roleArn: ARN,
      credentials: USER_KEYS,
      ...more,
    } as AssumeRoleOptions;
    refuses(() => assumeRole(options), "option_invalid", `\`${name}\``);
  }
  for (const options of [undefined, null, "x"]) {
    refuses(() => assumeRole(options as never), "option_invalid", "`assumeRole()` takes an object");
  }
  const env = { AWS_REGION: "us-west-2", AWS_ROLE_ARN: "app" };
  refuses(() => webIdentity({ token: "t", env }), "option_invalid", "AWS_ROLE_ARN is not the ARN");
  const named = { ...env, AWS_ROLE_ARN: ARN, AWS_ROLE_SESSION_NAME: "a b" };
  refuses(() => webIdentity({ token: "t", env: named }), "option_invalid", "AWS_ROLE_SESSION_NAME");
  refuses(
    () => webIdentity({ token: "t", env: {} }),
    "option_invalid",
    "`roleArn`",
    "AWS_ROLE_ARN",
  );
});

test("a code of an MFA device is asked for each session, and must be one", async () => {
  const codes = ["123456", "12345"];
  const options = {
    ...PLACE,
    roleArn: ARN,
    credentials: USER_KEYS,
    serialNumber: "GAHT12345678",
    tokenCode: () => codes.shift()!,
    fetch: play(granted(1), granted(2)),
  };
  const provider = createAssumeRole(options, fakePlatform());
  await provider();
  await rejects(
    provider({ forceRefresh: true }),
    "credentials_invalid",
    "`tokenCode`",
    "six digits",
  );
});
