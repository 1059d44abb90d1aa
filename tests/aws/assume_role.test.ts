import assert from "node:assert/strict";
import { test } from "node:test";
import {
  containerCredentials,
  instanceMetadata,
  type ObservedRequest,
  sts,
} from "../../conformance/aws/mod.ts";
import type { StsOptions } from "../../conformance/aws/mod.ts";
import { credentialChain } from "../../src/aws/chain.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { RETRYING_PLATFORM } from "../../src/platform/retrying_platform.ts";
import {
  keySettings,
  keyVariables,
  observer,
  onMachine,
  section,
  temporary,
  USER_KEYS,
} from "../support/machine.ts";
import type { Machine } from "../support/machine.ts";
import { rejects, SECRET } from "../support/refusal.ts";

const ARN = "arn:aws:iam::123456789012:role/reader";
const ISSUED = temporary("reader");
const ROLE = { arn: ARN, callers: [USER_KEYS], credentials: ISSUED };
const BASE = section("base", keySettings(USER_KEYS));
const READER = { AWS_PROFILE: "reader" };

/** Serves STS in the Region of the profiles, and returns the variables that lead to it. */
async function stsOn({ serve }: Machine, options: StsOptions) {
  const url = await serve(sts({ region: "eu-west-1", ...options }));
  return { ...READER, AWS_ENDPOINT_URL_STS: url };
}

const reader = (settings: Record<string, string>) =>
  section("profile reader", { role_arn: ARN, region: "eu-west-1", ...settings });

test("a role is assumed with the keys of its source profile", async () => {
  await onMachine(async (machine) => {
    const { asked, observe } = observer();
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

test("a role with an external id is assumed only with that id", async () => {
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
    const observe = ({ operation }: ObservedRequest) => void operations.push(operation);
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

test("STS refuses a wrong secret, an unknown key and expired keys, and the error shows none of them", async () => {
  await onMachine(async (machine) => {
    const ended = { ...temporary("ended"), expires: Date.now() - 1000 };
    const refusals: unknown[] = [];
    const observe = ({ refusal }: ObservedRequest) => void refusals.push(refusal);
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

test("the message of STS about a failure is not repeated", async () => {
  await onMachine(async (machine) => {
    await machine.write(".aws/credentials", BASE);
    await machine.write(".aws/config", reader({ source_profile: "base" }));
    const responses = {
      AccessDenied: SECRET,
      // As Deno refuses something
      NotCapable: `Requires env access to "${SECRET}", run again with the --allow-env flag`,
    };
    for (const [code, message] of Object.entries(responses)) {
      const said = `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message>` +
        "</Error></ErrorResponse>";
      const url = await machine.serve(() => new Response(said, { status: 403 }));
      await machine.findsNone({ ...READER, AWS_ENDPOINT_URL_STS: url }, "profile reader");
    }
  });
});

/**
 * Creates a config file whose role `reader` leads through this many profiles, and the roles for
 * STS.
 */
function chainOf(length: number): { config: string; roles: StsOptions["roles"] } {
  const names = ["reader", ...Array.from({ length: length - 1 }, (_, place) => `p${place + 1}`)];
  const roles = names.map((name, place) => {
    const source = names[place + 1];
    const callers = [source === undefined ? USER_KEYS : temporary(source)];
    return { arn: `${ARN}-${name}`, callers, credentials: temporary(name) };
  });
  const config = names.map((name, place) =>
    section(`profile ${name}`, {
      role_arn: `${ARN}-${name}`,
      region: "eu-west-1",
      source_profile: names[place + 1] ?? "base",
    })
  );
  return { config: config.join(""), roles };
}

test("a role may lead through ten profiles", async () => {
  await onMachine(async (machine) => {
    const { config, roles } = chainOf(10);
    const operations: string[] = [];
    const observe = ({ operation }: ObservedRequest) => void operations.push(operation);
    const variables = await stsOn(machine, { roles, observe });
    await machine.write(".aws/credentials", BASE);
    await machine.write(".aws/config", config);
    await machine.signsAs(ISSUED, variables);
    assert.equal(operations.length, 10);
  });
});

test("a longer chain is refused before AWS's package is loaded", async () => {
  await onMachine(async (machine) => {
    await machine.write(".aws/credentials", BASE);
    for (const length of [11, 3_000]) {
      const path = await machine.write(".aws/config", chainOf(length).config);
      const env = readEnvironment({ ...READER, AWS_CONFIG_FILE: path, HOME: machine.home });
      let loads = 0;
      const load = () => (loads++, import("@aws-sdk/credential-provider-node"));
      const lookUp = credentialChain(undefined, env, RETRYING_PLATFORM, load);
      const words = ["profile reader", "more than 10 profiles", length === 11 ? "base" : "p11"];
      await rejects(lookUp(), "credentials_failed", ...words);
      assert.equal(loads, 0);
    }
  });
});

test("a cycle of profiles is reported as one, however long it is", async () => {
  await onMachine(async (machine) => {
    for (const length of [1, 3, 10, 11, 500]) {
      const { config } = chainOf(length);
      await machine.write(
        ".aws/config",
        config.replace("source_profile = base", "source_profile = reader"),
      );
      const nowhere = { ...READER, AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1" };
      await machine.findsNone(nowhere, "profile reader (its source_profile leads back to itself)");
    }
  });
});
