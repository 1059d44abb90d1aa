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

/** An endpoint that refuses connections, so that Deno needs no permission for AWS's own. */
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

test("the reasons of a profile say what to fix, and never repeat a process or a service", async () => {
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
        keys: await ofProfile(machine, { aws_access_key_id: "AKID" }),
        roleAlone: await ofProfile(machine, { role_arn: ROLE }),
        missing: await ofProfile(machine, { role_arn: ROLE, source_profile: "none" }),
        program: await ofProfile(machine, { credential_process: "no-such-program --x" }),
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
        nothing: "the profile work names no source of credentials",
        keys: "the profile work has aws_access_key_id without aws_secret_access_key",
        roleAlone:
          "the profile work has role_arn, but neither source_profile nor credential_source",
        missing: "its source_profile none does not exist",
        program: "the program of its credential_process was not found",
        cycle: "its source_profile leads back to itself",
        source: "its credential_source is not one that AWS knows",
        half: "its SSO settings are incomplete",
        session: "its sso_session is not in the config file",
      },
    );
  });
});

test("a profile that does not exist is told with the names that may be meant", async () => {
  await onMachine(async (machine) => {
    const reasonFor = async (config: string) => {
      await machine.write(".aws/config", config);
      return reasonOf((await explained(machine, { AWS_PROFILE: "wrok" })).skipped, "profile wrok");
    };
    const missing = "there is no profile wrok in the AWS files";
    assert.equal(await reasonFor(section("profile other", { region: "eu-west-1" })), missing);
    assert.equal(
      await reasonFor(section("profile work", { region: "eu-west-1" })),
      `${missing}. Did you mean work?`,
    );
    assert.equal(
      await reasonFor(section("wrok", { region: "eu-west-1" })),
      `${missing}: in the config file, write [profile wrok] instead of [wrok]`,
    );
  });
});

test("a role that may not be assumed and a service that does not respond have reasons", async () => {
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

test("an expired SSO session is reported with the command that renews it", async () => {
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

test("a web identity, a container and an instance without credentials say why", async () => {
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

test("without a metadata service, the lookup fails within about two seconds", async () => {
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

test("messages of AWS's packages are translated or dropped, never repeated", () => {
  const known = new Set(["it failed with AccessDenied"]);
  fc.assert(fc.property(fc.string(), fc.string(), (before, after) => {
    for (const text of [`${before}${SECRET}${after}`, `Command failed: ${before}${SECRET}`]) {
      const told = meaning(text);
      assert.ok(told === undefined || !told.includes(SECRET), told);
    }
    assert.ok(known.has(meaning(`AccessDenied ${before}`) ?? ""));
  }));
});

test("a permission that Deno withholds is reported with its flag, unless a process printed it", () => {
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
