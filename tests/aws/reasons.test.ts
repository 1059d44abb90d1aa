import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import fc from "fast-check";
import { bedrock } from "../../aws.ts";
import { ssoPortal, sts } from "../../conformance/aws/mod.ts";
import { findReason } from "../../src/aws/reasons.ts";
import type { Explanation, SkippedSource } from "../../mod.ts";
import { keySettings, onMachine, section, temporary, USER_KEYS } from "../support/machine.ts";
import type { Machine, Variables } from "../support/machine.ts";
import { SECRET } from "../support/refusal.ts";
import { keepSsoToken } from "../support/sso_cache.ts";
import { withVariables } from "../support/variables.ts";

const ROLE = "arn:aws:iam::123456789012:role/Reader";

/** Where AWS's services are not, so that Deno need not permit where they are. */
const NOWHERE = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };

async function explained(machine: Machine, more: Variables): Promise<Explanation> {
  return await withVariables(
    machine.variables(more),
    () => bedrock({ region: "us-west-2" }).explain(),
  );
}

/** Writes a profile "work", and returns what is said of it. */
async function ofProfile(machine: Machine, settings: Record<string, string>, more = {}) {
  await machine.write(".aws/config", section("profile work", settings));
  const told = await explained(machine, { ...NOWHERE, AWS_PROFILE: "work", ...more });
  assert.ok(!JSON.stringify(told).includes(SECRET));
  return told.skipped.find(({ source }) => source === "profile work")?.reason;
}

test("the reasons of a profile say what to fix, and never what a process or a service said", async () => {
  await onMachine(async (machine) => {
    const script = (name: string, body: string) =>
      machine.write(name, body).then((path) => `"${process.execPath}" "${path}"`);
    const prints = (text: string) => `console.log(${JSON.stringify(text)});`;
    const fails = `console.error("${SECRET}"); process.exit(1);`;
    assert.deepEqual(
      {
        fails: await ofProfile(machine, { credential_process: await script("a.cjs", fails) }),
        text: await ofProfile(machine, {
          credential_process: await script("b.cjs", prints(SECRET)),
        }),
        version: await ofProfile(machine, {
          credential_process: await script("c.cjs", prints("{}")),
        }),
        nothing: await ofProfile(machine, { output: "json" }),
        cycle: await ofProfile(machine, { role_arn: ROLE, source_profile: "work" }),
        source: await ofProfile(machine, { role_arn: ROLE, credential_source: "Elsewhere" }),
        half: await ofProfile(machine, { sso_start_url: "https://example.awsapps.com/start" }),
        session: await ofProfile(machine, {
          sso_session: "none",
          sso_account_id: "123456789012",
          sso_role_name: "Reader",
        }),
      },
      {
        fails: "its credential_process failed",
        text: "its credential_process did not return JSON",
        version: "its credential_process did not return Version 1",
        nothing: "the profile work has no usable credentials",
        cycle: "its source_profile leads back to itself",
        source: "its credential_source is not one that AWS knows",
        half: "its SSO settings are incomplete",
        session: "its sso_session is not in the config file",
      },
    );
  });
});

test("a role that may not be assumed, and a service that does not answer, are named", async () => {
  await onMachine(async (machine) => {
    const callers = [USER_KEYS];
    const role = { arn: `${ROLE}/other`, callers, credentials: temporary("other") };
    const url = await machine.serve(sts({ region: "us-west-2", roles: [role] }));
    await machine.write(".aws/credentials", section("keys", keySettings(USER_KEYS)));
    const settings = { role_arn: ROLE, source_profile: "keys" };
    assert.deepEqual(
      [
        await ofProfile(machine, settings, { AWS_ENDPOINT_URL_STS: url }),
        await ofProfile(machine, settings),
        await ofProfile(machine, { ...settings, mfa_serial: "arn:aws:iam::123456789012:mfa/x" }),
      ],
      [
        "it failed with AccessDenied",
        "it failed with ECONNREFUSED",
        "its role needs a code of an MFA device",
      ],
    );
  });
});

test("an SSO session that has ended is told with the command that renews it", async () => {
  await onMachine(async (machine) => {
    const url = "https://example.awsapps.com/start";
    const role = { sso_account_id: "123456789012", sso_role_name: "Reader" };
    const portal = ssoPortal({
      accessToken: SECRET,
      accountId: "123456789012",
      roleName: "Reader",
      credentials: temporary("sso"),
    });
    const variables = { AWS_ENDPOINT_URL_SSO: await machine.serve(portal) };
    const settings = { sso_start_url: url, sso_region: "eu-west-1", ...role };
    const keep = (accessToken: string, endsIn?: number) =>
      keepSsoToken(machine, url, { accessToken, ...(endsIn && { endsIn }) });
    const ended = "its SSO session has expired or does not exist. " +
      "Run: aws sso login --profile work";
    assert.equal(await ofProfile(machine, settings, variables), ended);
    await keep(SECRET, -1000);
    assert.equal(await ofProfile(machine, settings, variables), ended);
    await keep(`${SECRET}/refused`);
    assert.equal(
      await ofProfile(machine, settings, variables),
      "it failed with UnauthorizedException",
    );
  });
});

const reasonOf = (skipped: readonly SkippedSource[], wanted: string) =>
  skipped.find(({ source }) => source === wanted)?.reason;

test("a web identity, a container and an instance that give nothing say why", async () => {
  await onMachine(async (machine) => {
    const AWS_WEB_IDENTITY_TOKEN_FILE = join(machine.home, "none");
    const webIdentity = { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE };
    const refusing = await machine.serve(async () => new Response("no", { status: 403 }));
    const container = { AWS_CONTAINER_CREDENTIALS_FULL_URI: refusing };
    const instance = { AWS_EC2_METADATA_DISABLED: undefined };
    const told = async (source: string, more: Variables) =>
      reasonOf((await explained(machine, { ...NOWHERE, ...more })).skipped, source);
    assert.equal(
      await told("web identity", webIdentity),
      `The token file ${AWS_WEB_IDENTITY_TOKEN_FILE} cannot be read. Check that it exists and may be read`,
    );
    assert.equal(
      await told("instance metadata", {
        ...instance,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: refusing,
      }),
      `${refusing} returned 403`,
    );
    assert.equal(await told("container", container), `${refusing} returned 403`);
  });
});

test("where no metadata service answers, the lookup fails within about two seconds", async () => {
  await onMachine(async (machine) => {
    const silent = await machine.serve(() => new Promise(() => {}));
    const start = performance.now();
    const { skipped, problem } = await explained(machine, {
      AWS_EC2_METADATA_DISABLED: undefined,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: silent,
    });
    const seconds = (performance.now() - start) / 1000;
    assert.ok(seconds < 3, `${seconds} s`);
    assert.equal(problem?.code, "credentials_failed");
    assert.deepEqual(skipped.map(({ source }) => source), [
      "environment",
      "profile default",
      "web identity",
      "container",
      "instance metadata",
    ]);
  });
});

const meaning = (text: string) => findReason(text)?.reason;

test("what AWS's packages say has a meaning of ours, or none", () => {
  const known = new Set(["it failed with AccessDenied"]);
  fc.assert(fc.property(fc.string(), fc.string(), (before, after) => {
    for (const text of [`${before}${SECRET}${after}`, `Command failed: ${before}${SECRET}`]) {
      const told = meaning(text);
      assert.ok(told === undefined || !told.includes(SECRET), told);
    }
    assert.ok(known.has(meaning(`AccessDenied ${before}`) ?? ""));
  }));
});

test("what Deno withholds is told with its flag, but not in the words of a process", () => {
  const refusal = 'Requires run access to "/bin/sh", run again with the --allow-run flag';
  const told = "Deno denies it. Add --allow-run=/bin/sh";
  const meaningOnDeno = (text: string) => findReason(text, true)?.reason;
  assert.equal(meaningOnDeno(refusal), told);
  assert.equal(meaningOnDeno(`NotCapable ${refusal}`), told);
  assert.equal(meaningOnDeno(`Command failed: x\n${refusal}`), "its credential_process failed");
  assert.equal(meaningOnDeno(`x ${refusal}`), undefined);
  assert.equal(meaningOnDeno(refusal.replace("/bin/sh", "Bearer Of A Token")), undefined);
  assert.equal(findReason(refusal, false), undefined);
});
