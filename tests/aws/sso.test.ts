import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type ObservedRequest, ssoOidc, ssoPortal } from "../../conformance/aws/mod.ts";
import { onMachine, section, temporary } from "../support/machine.ts";
import type { Machine, Variables } from "../support/machine.ts";
import { SECRET } from "../support/refusal.ts";
import { keepSsoToken, ssoTokenPath } from "../support/sso_cache.ts";

const ISSUED = temporary("sso");
const START_URL = "https://example.awsapps.com/start";
const ROLE = { sso_account_id: "123456789012", sso_role_name: "Reader" };
const CLIENT = { clientId: "client", clientSecret: `${SECRET}/client` };
const [TOKEN, REFRESHED, REFRESH] = ["access", "refreshed", "refresh"].map((name) =>
  `${SECRET}/${name}`
) as [string, string, string];
const HOUR = 3_600_000;

interface Way extends Variables {
  readonly AWS_ENDPOINT_URL_SSO: string;
}

/** Serves the portal and the token endpoint, and returns the variables that lead to them. */
async function ssoOn(
  machine: Machine,
  accessToken: string,
  asked: ObservedRequest[] = [],
): Promise<Way> {
  const observe = (each: ObservedRequest) => void asked.push(each);
  const [accountId, roleName] = [ROLE.sso_account_id, ROLE.sso_role_name];
  const portal = ssoPortal({ accessToken, accountId, roleName, credentials: ISSUED, observe });
  const next = { accessToken: REFRESHED, nextRefreshToken: `${REFRESH}/next` };
  const oidc = ssoOidc({ ...CLIENT, refreshToken: REFRESH, ...next, observe });
  return {
    AWS_PROFILE: "team",
    AWS_ENDPOINT_URL_SSO: await machine.serve(portal),
    AWS_ENDPOINT_URL_SSO_OIDC: await machine.serve(oidc),
  };
}

const cached = (machine: Machine, key: string, endsIn: number, more: object = {}) =>
  keepSsoToken(machine, key, { accessToken: TOKEN, endsIn, ...more });

/** Writes a profile with its own session, as AWS's package remembers refreshes by name. */
const sessionProfile = ({ write }: Machine, name: string) =>
  write(
    ".aws/config",
    section("profile team", { sso_session: name, ...ROLE }) +
      section(`sso-session ${name}`, { sso_start_url: START_URL, sso_region: "eu-west-1" }),
  );

test("an SSO session signs with its cached token", async () => {
  await onMachine(async (machine) => {
    const asked: ObservedRequest[] = [];
    const variables = await ssoOn(machine, TOKEN, asked);
    await sessionProfile(machine, "cached");
    await cached(machine, "cached", HOUR);
    await machine.signsAs(ISSUED, variables);
    assert.deepEqual(asked.map(({ operation }) => operation), ["GetRoleCredentials"]);
  });
});

test("an expired SSO session is refreshed, and the new token is saved", async () => {
  await onMachine(async (machine) => {
    const asked: ObservedRequest[] = [];
    const variables = await ssoOn(machine, REFRESHED, asked);
    await sessionProfile(machine, "refreshed");
    await cached(machine, "refreshed", -HOUR, { ...CLIENT, refreshToken: REFRESH });
    await machine.signsAs(ISSUED, variables);
    await machine.signsAs(ISSUED, variables);
    const operations = ["CreateToken", "GetRoleCredentials", "GetRoleCredentials"];
    assert.deepEqual(asked.map(({ operation }) => operation), operations);
    const kept = JSON.parse(await readFile(join(machine.home, ssoTokenPath("refreshed")), "utf8"));
    assert.deepEqual([kept.accessToken, kept.refreshToken], [REFRESHED, `${REFRESH}/next`]);
  });
});

test("an expired SSO session that cannot be refreshed yields nothing, and shows no secret", async () => {
  await onMachine(async (machine) => {
    const asked: ObservedRequest[] = [];
    const variables = await ssoOn(machine, REFRESHED, asked);
    const ended = {
      without: {},
      refused: { ...CLIENT, refreshToken: `${REFRESH}/wrong` },
      foreign: { ...CLIENT, clientSecret: `${SECRET}/wrong`, refreshToken: REFRESH },
    };
    for (const [name, more] of Object.entries(ended)) {
      await sessionProfile(machine, name);
      await cached(machine, name, -HOUR, more);
      await machine.findsNone(variables);
    }
    assert.deepEqual(asked.map(({ operation, refusal }) => [operation, refusal]), [
      ["CreateToken", "InvalidGrantException"],
      ["CreateToken", "InvalidClientException"],
    ]);
  });
});

test("an SSO profile without a session signs with its cached token, which is never refreshed", async () => {
  await onMachine(async (machine) => {
    const asked: ObservedRequest[] = [];
    const variables = await ssoOn(machine, TOKEN, asked);
    const settings = { sso_start_url: START_URL, sso_region: "eu-west-1", ...ROLE };
    await machine.write(".aws/config", section("profile team", settings));
    await cached(machine, START_URL, HOUR);
    await machine.signsAs(ISSUED, variables);
    await cached(machine, START_URL, -HOUR, { ...CLIENT, refreshToken: REFRESH });
    await machine.findsNone(variables);
    assert.deepEqual(asked.map(({ operation }) => operation), ["GetRoleCredentials"]);
  });
});

test("a token that the portal refuses, another role and a missing token yield nothing", async () => {
  await onMachine(async (machine) => {
    const asked: ObservedRequest[] = [];
    const variables = await ssoOn(machine, `${TOKEN}/other`, asked);
    await sessionProfile(machine, "unknown");
    await machine.findsNone(variables);
    await cached(machine, "unknown", HOUR);
    await machine.findsNone(variables);
    await cached(machine, "unknown", HOUR, { accessToken: `${TOKEN}/other` });
    await machine.signsAs(ISSUED, variables);
    await machine.write(".aws/credentials", section("team", { sso_role_name: "Writer" }));
    await machine.findsNone(variables);
    assert.deepEqual(asked.map(({ refusal }) => refusal), [
      "UnauthorizedException",
      undefined,
      "ForbiddenException",
    ]);
  });
});

test("the message of the portal about a failure is not repeated", async () => {
  await onMachine(async (machine) => {
    const variables = await ssoOn(machine, TOKEN);
    await sessionProfile(machine, "talkative");
    await cached(machine, "talkative", HOUR);
    const said = () => Response.json({ message: SECRET }, { status: 401 });
    await machine.findsNone({ ...variables, AWS_ENDPOINT_URL_SSO: await machine.serve(said) });
  });
});
