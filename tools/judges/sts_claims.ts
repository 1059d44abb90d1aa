import assert from "node:assert/strict";
import { assumeRole, type AssumeRoleOptions, BedrockError, webIdentity } from "../../sts.ts";
import { type Moto, NEXT_ROLE, ROLE } from "./moto.ts";

/** The claims about the entry `/sts` with moto as STS. */
export const STS_CLAIMS: Readonly<Record<string, (moto: Moto) => Promise<void>>> = {
  async "a role is assumed with a duration and the external id of its trust policy"(moto) {
    const found = await assumeRole(options(moto, { durationSeconds: 900 }))();
    const left = found.expiration!.getTime() - Date.now();
    assert.ok(left > 880_000 && left <= 901_000, `${left}`);
    assert.match(found.accessKeyId, /^ASIA/);
    assert.ok(found.sessionToken);
  },
  async "a second role is assumed with the session of the first, which signs with its token"(moto) {
    const credentials = assumeRole(options(moto, { roleSessionName: "first" }));
    const next = { roleArn: NEXT_ROLE, externalId: undefined, credentials };
    assert.match((await assumeRole(options(moto, next))()).accessKeyId, /^ASIA/);
  },
  async "a session policy, tags and a source identity are signed as they are sent"(moto) {
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [], Id: "a b+c/é=&%" });
    const more = { policy, tags: { "a b": "c+d/é" }, sourceIdentity: "alice@example" };
    assert.match((await assumeRole(options(moto, more))()).accessKeyId, /^ASIA/);
  },
  async "another external id is refused; moto does not ask for a missing one"(moto) {
    await refuses(options(moto, { externalId: "other" }), "AccessDenied", "`externalId` must be");
  },
  async "a wrong secret, an unknown key and a user without a policy are refused"(moto) {
    const wrong = { ...moto.user, secretAccessKey: "wrong" };
    await refuses(options(moto, { credentials: wrong }), "SignatureDoesNotMatch", "secret");
    const unknown = { ...moto.user, accessKeyId: "AKIAUNKNOWN" };
    await refuses(options(moto, { credentials: unknown }), "InvalidClientTokenId", "recognize");
    await refuses(options(moto, { credentials: moto.powerless }), "AccessDenied", "trust policy");
  },
  async "web identity takes a token, by options and by variables; moto takes any"(moto) {
    await moto.check(false);
    const token = `${btoa('{"alg":"none"}')}.${btoa('{"iss":"https://issuer.example"}')}.x`;
    const place = { region: "us-east-1", stsEndpoint: moto.url, durationSeconds: 900 };
    const ways = [
      webIdentity({ ...place, roleArn: ROLE, token, env: {} }),
      webIdentity({
        token: async () => token,
        env: {
          AWS_REGION: "us-east-1",
          AWS_ENDPOINT_URL: moto.url,
          AWS_ROLE_ARN: ROLE,
          AWS_ROLE_SESSION_NAME: "judged",
        },
      }),
    ];
    for (const way of ways) assert.match((await way()).accessKeyId, /^ASIA/);
  },
};

function options(moto: Moto, more: Partial<AssumeRoleOptions>): AssumeRoleOptions {
  return {
    region: "us-east-1",
    stsEndpoint: moto.url,
    env: {},
    roleArn: ROLE,
    credentials: moto.user,
    externalId: "handshake",
    ...more,
  };
}

async function refuses(options: AssumeRoleOptions, code: string, advice: string): Promise<void> {
  await assert.rejects(assumeRole(options), (error) => {
    assert.ok(error instanceof BedrockError, `${error}`);
    assert.equal(error.refusal?.code, code, error.message);
    assert.ok(error.message.includes(advice), error.message);
    return true;
  });
}

/** Tries a claim on a server of its own state of checks. */
export async function judge(claim: string, moto: Moto): Promise<void> {
  await moto.check(true);
  await STS_CLAIMS[claim]!(moto);
}
