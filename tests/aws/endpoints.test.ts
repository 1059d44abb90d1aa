import assert from "node:assert/strict";
import { test } from "node:test";
import { AwsV4Signer } from "aws4fetch";
import {
  containerCredentials,
  instanceMetadata,
  ssoOidc,
  ssoPortal,
  sts,
} from "../../conformance/aws/mod.ts";
import { temporary, USER_KEYS } from "../support/machine.ts";

const credentials = temporary("issued");
const ARN = "arn:aws:iam::123456789012:role/reader";
const NOON = Date.UTC(2026, 0, 1, 12);
const now = () => NOON;

const role = { arn: ARN, callers: [USER_KEYS, temporary("session")], credentials };
const others = { ...role, arn: `${ARN}-of-others`, callers: [temporary("other")] };
const service = sts({ roles: [{ ...role, maxSessionSeconds: 7200 }, others], now });

/**
 * Asks STS by an independent signer; returns the status, and the code or the end of the
 * session.
 */
async function ask(
  parameters: Record<string, string>,
  signer: Partial<ConstructorParameters<typeof AwsV4Signer>[0]> | "none" = {},
): Promise<string> {
  const asked = { Version: "2011-06-15", RoleArn: ARN, RoleSessionName: "tests", ...parameters };
  const body = new URLSearchParams({ Action: "AssumeRole", ...asked }).toString();
  const unsigned = { method: "POST", url: "https://sts.us-east-1.amazonaws.com/", body };
  const datetime = "20260101T120000Z";
  const options = { ...unsigned, ...USER_KEYS, service: "sts", region: "us-east-1", datetime };
  const request = signer === "none"
    ? unsigned
    : await new AwsV4Signer({ ...options, ...signer }).sign();
  const response = await service(new Request(request.url, request));
  assert.equal(response.headers.get("content-type"), "text/xml");
  const text = await response.text();
  const [, found] = /<(?:Code|Expiration)>(.*)<\/(?:Code|Expiration)>/.exec(text) ?? [];
  return `${response.status} ${found}`;
}

test("STS grants a session of the requested duration to those who may assume the role", async () => {
  assert.equal(await ask({}), "200 2026-01-01T13:00:00Z");
  assert.equal(await ask({ DurationSeconds: "7200" }), "200 2026-01-01T14:00:00Z");
  assert.equal(
    await ask({ DurationSeconds: "900" }, temporary("session")),
    "200 2026-01-01T12:15:00Z",
  );
});

test("STS refuses signatures for another region or time or with another secret, and unsigned requests", async () => {
  assert.equal(await ask({}, "none"), "403 MissingAuthenticationToken");
  assert.equal(await ask({}, { region: "us-west-2" }), "403 SignatureDoesNotMatch");
  assert.equal(await ask({}, { service: "iam" }), "403 SignatureDoesNotMatch");
  assert.equal(await ask({}, { secretAccessKey: "wrong" }), "403 SignatureDoesNotMatch");
  assert.equal(await ask({}, { datetime: "20260101T114900Z" }), "403 SignatureDoesNotMatch");
  assert.equal(await ask({}, { accessKeyId: "AKIAUNKNOWN" }), "403 InvalidClientTokenId");
  const { sessionToken: _, ...half } = temporary("session");
  assert.equal(await ask({}, half), "403 InvalidClientTokenId");
});

test("STS refuses requests that it cannot serve", async () => {
  assert.equal(await ask({ RoleArn: `${ARN}-absent` }), "403 AccessDenied");
  assert.equal(await ask({ RoleArn: others.arn }), "403 AccessDenied");
  assert.equal(await ask({ RoleArn: "reader" }), "400 ValidationError");
  assert.equal(await ask({ RoleSessionName: "a b" }), "400 ValidationError");
  for (const DurationSeconds of ["899", "7201", "43201", "x"]) {
    assert.equal(await ask({ DurationSeconds }), "400 ValidationError");
  }
  assert.equal(await ask({ DurationSeconds: "3601" }, temporary("session")), "400 ValidationError");
  assert.equal(await ask({ Action: "GetCallerIdentity" }), "400 InvalidAction");
  assert.equal(await ask({ Version: "2010-05-08" }), "400 InvalidAction");
});

test("STS escapes what it repeats of a request", async () => {
  const response = await service(
    new Request("https://sts.us-east-1.amazonaws.com/", {
      method: "POST",
      body: "Action=<a>&Version=%26",
    }),
  );
  assert.match(await response.text(), /operation &lt;a&gt; for version &amp;</);
});

test("the SSO portal requires a token, an account and a role", async () => {
  const accountId = "123456789012";
  const portal = ssoPortal({
    accessToken: "token",
    accountId,
    roleName: "Reader",
    credentials,
    now,
  });
  const get = async (query: string, token?: string) => {
    const url = `https://portal.sso.us-east-1.amazonaws.com/federation/credentials?${query}`;
    const response = await portal(
      new Request(url, { headers: token === undefined ? {} : { "x-amz-sso_bearer_token": token } }),
    );
    return { code: response.headers.get("x-amzn-errortype"), ...await response.json() };
  };
  const query = `account_id=${accountId}&role_name=Reader`;
  const { roleCredentials } = await get(query, "token");
  assert.deepEqual(roleCredentials, { ...credentials, expiration: NOON + 3_600_000 });
  assert.equal((await get(query)).code, "InvalidRequestException");
  assert.equal((await get("role_name=Reader", "token")).code, "InvalidRequestException");
  assert.equal((await get(query, "other")).code, "UnauthorizedException");
  assert.equal((await get(`${query}s`, "token")).code, "ForbiddenException");
});

test("the token endpoint of SSO requires its client, its grant type and a refresh token", async () => {
  const client = { clientId: "client", clientSecret: "secret" };
  const oidc = ssoOidc({ ...client, refreshToken: "refresh", accessToken: "access" });
  const post = async (fields: object) => {
    const body = JSON.stringify({ ...client, grantType: "refresh_token", ...fields });
    const url = "https://oidc.us-east-1.amazonaws.com/token";
    const response = await oidc(new Request(url, { method: "POST", body }));
    return { code: response.headers.get("x-amzn-errortype"), ...await response.json() };
  };
  assert.equal((await post({ refreshToken: "refresh" })).accessToken, "access");
  const { code, error } = await post({ refreshToken: "other" });
  assert.deepEqual([code, error], ["InvalidGrantException", "invalid_grant"]);
  assert.equal((await post({ clientSecret: "other" })).code, "InvalidClientException");
  assert.equal((await post({ grantType: "password" })).error, "unsupported_grant_type");
});

test("a container endpoint requires its path and its authorization", async () => {
  const agent = containerCredentials({ credentials, authorization: "token", lifeSeconds: 60, now });
  const get = async (path: string, authorization: string) => {
    const response = await agent(
      new Request(`http://169.254.170.23${path}`, { headers: { authorization } }),
    );
    return { status: response.status, ...await response.json() };
  };
  const { status, Token, Expiration } = await get("/v1/credentials", "token");
  assert.deepEqual([status, Token], [200, credentials.sessionToken]);
  assert.equal(Expiration, "2026-01-01T12:01:00Z");
  assert.equal((await get("/v1/credentials", "other")).status, 401);
  assert.equal((await get("/", "token")).status, 404);
});

test("the metadata service offers no version 1, and its tokens expire", async () => {
  let time = NOON;
  const metadata = instanceMetadata({ credentials, roleName: "role", now: () => time });
  const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    metadata(new Request(`http://169.254.169.254/latest${path}`, { method, headers }));
  const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
  const statuses = [
    ask("/meta-data/iam/security-credentials/"),
    ask("/api/token", {}, "PUT"),
    ask("/api/token", { ...ttl, "x-forwarded-for": "10.0.0.1" }, "PUT"),
    ask("/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": "21601" }, "PUT"),
  ];
  assert.deepEqual((await Promise.all(statuses)).map(({ status }) => status), [401, 400, 403, 400]);
  const token = await (await ask("/api/token", ttl, "PUT")).text();
  const get = async (path: string) => {
    const response = await ask(`/meta-data${path}`, { "x-aws-ec2-metadata-token": token });
    return `${response.status} ${await response.text()}`;
  };
  assert.equal(await get("/iam/security-credentials/"), "200 role");
  assert.equal(await get("/placement/region"), "200 us-east-1");
  assert.match(await get("/iam/security-credentials/role"), /^200 [^]*"Type": "AWS-HMAC"/);
  assert.match(await get("/iam/security-credentials/other"), /^404/);
  time += 60_000;
  assert.match(await get("/iam/security-credentials/role"), /^401/);
});
