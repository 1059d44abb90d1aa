import assert from "node:assert/strict";
import { test } from "node:test";
import { type Asked, containerCredentials, instanceMetadata, sts } from "../conformance/aws/mod.ts";
import type { StsOptions } from "../conformance/aws/mod.ts";
import {
  keySettings,
  keyVariables,
  onMachine,
  section,
  temporary,
  USER_KEYS,
} from "./support/machine.ts";
import type { Machine } from "./support/machine.ts";
import { SECRET } from "./support/refusal.ts";

const ARN = "arn:aws:iam::123456789012:role/reader";
const ISSUED = temporary("reader");
const ROLE = { arn: ARN, callers: [USER_KEYS], credentials: ISSUED };
const BASE = section("base", keySettings(USER_KEYS));
const READER = { AWS_PROFILE: "reader" };

/** STS in the Region of the profiles, and the variable that leads to it. */
async function stsOn({ serve }: Machine, options: StsOptions) {
  const url = await serve(sts({ region: "eu-west-1", ...options }));
  return { ...READER, AWS_ENDPOINT_URL_STS: url };
}

const reader = (settings: Record<string, string>) =>
  section("profile reader", { role_arn: ARN, region: "eu-west-1", ...settings });

test("a role is assumed with the keys of its source profile", async () => {
  await onMachine(async (machine) => {
    const asked: Asked[] = [];
    const observe = (each: Asked) => void asked.push(each);
    const variables = await stsOn(machine, { roles: [{ ...ROLE, sessionName: "tests" }], observe });
    await machine.write(".aws/credentials", BASE);
    const settings = {
      source_profile: "base",
      role_session_name: "tests",
      duration_seconds: "900",
    };
    await machine.write(".aws/config", reader(settings));
    await machine.signsAs(ISSUED, variables);
    assert.deepEqual(asked.map(({ operation, refusal }) => [operation, refusal]), [
      ["AssumeRole", undefined],
    ]);
    const parameters = new URLSearchParams(new TextDecoder().decode(asked[0]?.body));
    assert.equal(parameters.get("DurationSeconds"), "900");
  });
});

test("a role that asks for an external id is assumed with it, and not without or with another", async () => {
  await onMachine(async (machine) => {
    const roles = [{ ...ROLE, externalId: `${SECRET}-id` }];
    const variables = await stsOn(machine, { roles });
    await machine.write(".aws/credentials", BASE);
    const assume = (settings: object) =>
      machine.write(".aws/config", reader({ source_profile: "base", ...settings }));
    await assume({ external_id: `${SECRET}-id` });
    await machine.signsAs(ISSUED, variables);
    for (const settings of [{}, { external_id: `${SECRET}-other` }]) {
      await assume(settings);
      await machine.findsNone(variables, "AccessDenied");
    }
  });
});

test("a role is assumed with the credentials of another role", async () => {
  await onMachine(async (machine) => {
    const between = {
      arn: `${ARN}-between`,
      callers: [USER_KEYS],
      credentials: temporary("between"),
    };
    const roles = [{ ...ROLE, callers: [between.credentials] }, between];
    const operations: string[] = [];
    const observe = ({ operation }: Asked) => void operations.push(operation);
    const variables = await stsOn(machine, { roles, observe });
    await machine.write(".aws/credentials", BASE);
    await machine.write(
      ".aws/config",
      reader({ source_profile: "between" }) +
        section("profile between", { role_arn: between.arn, source_profile: "base" }),
    );
    await machine.signsAs(ISSUED, variables);
    assert.deepEqual(operations, ["AssumeRole", "AssumeRole"]);
  });
});

test("a role is assumed with keys in variables", async () => {
  await onMachine(async (machine) => {
    const callers = [temporary("caller")];
    const variables = await stsOn(machine, { roles: [{ ...ROLE, callers }] });
    await machine.write(".aws/config", reader({ credential_source: "Environment" }));
    await machine.signsAs(ISSUED, { ...variables, ...keyVariables(temporary("caller")) });
  });
});

test("a role is assumed with the credentials of the container", async () => {
  await onMachine(async (machine) => {
    const credentials = temporary("container");
    const variables = await stsOn(machine, { roles: [{ ...ROLE, callers: [credentials] }] });
    const agent = await machine.serve(containerCredentials({ credentials, authorization: SECRET }));
    await machine.write(".aws/config", reader({ credential_source: "EcsContainer" }));
    await machine.signsAs(ISSUED, {
      ...variables,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: SECRET,
    });
  });
});

test("a role is assumed with the credentials of the instance", async () => {
  await onMachine(async (machine) => {
    const credentials = temporary("instance");
    const variables = await stsOn(machine, { roles: [{ ...ROLE, callers: [credentials] }] });
    await machine.write(".aws/config", reader({ credential_source: "Ec2InstanceMetadata" }));
    await machine.signsAs(ISSUED, {
      ...variables,
      AWS_EC2_METADATA_DISABLED: undefined,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: await machine.serve(instanceMetadata({ credentials })),
    });
  });
});

test("a services section of the config file leads to STS as the variable does", async () => {
  await onMachine(async (machine) => {
    const { AWS_ENDPOINT_URL_STS } = await stsOn(machine, { roles: [ROLE] });
    await machine.write(".aws/credentials", BASE);
    await machine.write(
      ".aws/config",
      reader({ source_profile: "base", services: "here" }) +
        `[services here]\nsts =\n  endpoint_url = ${AWS_ENDPOINT_URL_STS}\n`,
    );
    await machine.signsAs(ISSUED, READER);
  });
});

test("STS refuses a wrong secret, an unknown key and keys that have ended, and none is told", async () => {
  await onMachine(async (machine) => {
    const ended = { ...temporary("ended"), ends: Date.now() - 1000 };
    const refusals: unknown[] = [];
    const observe = ({ refusal }: Asked) => void refusals.push(refusal);
    const roles = [{ ...ROLE, callers: [USER_KEYS, ended] }];
    const variables = await stsOn(machine, { roles, observe });
    await machine.write(".aws/config", reader({ source_profile: "base" }));
    const refused = {
      SignatureDoesNotMatch: { ...USER_KEYS, secretAccessKey: `${SECRET}/wrong` },
      InvalidClientTokenId: { ...USER_KEYS, accessKeyId: "AKIAUNKNOWN" },
      ExpiredToken: ended,
    };
    for (const keys of Object.values(refused)) {
      await machine.write(".aws/credentials", section("base", keySettings(keys)));
      await machine.findsNone(variables);
    }
    assert.deepEqual(refusals, Object.keys(refused));
  });
});

test("what STS says of a failure is not repeated", async () => {
  await onMachine(async (machine) => {
    const said =
      `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${SECRET}</Message></Error>` +
      "</ErrorResponse>";
    const url = await machine.serve(() => new Response(said, { status: 403 }));
    await machine.write(".aws/credentials", BASE);
    await machine.write(".aws/config", reader({ source_profile: "base" }));
    await machine.findsNone({ ...READER, AWS_ENDPOINT_URL_STS: url }, "AccessDenied");
  });
});
