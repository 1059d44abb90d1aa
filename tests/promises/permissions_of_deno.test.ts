import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  containerCredentials,
  instanceMetadata,
  ssoPortal,
  sts,
} from "../../conformance/aws/mod.ts";
import type { KnownCredential } from "../../conformance/mantle/mod.ts";
import { bareEnvironment, RUN_FLAGS } from "../support/fresh_process.ts";
import { keepSsoToken } from "../support/sso_cache.ts";
import {
  keySettings,
  keyVariables,
  onMachine,
  section,
  temporary,
  USER_KEYS,
} from "../support/machine.ts";
import type { Machine } from "../support/machine.ts";

const PROBE = fileURLToPath(new URL("../support/permission_probe.ts", import.meta.url));
const ISSUED = temporary("issued");
const ROLE_ARN = "arn:aws:iam::123456789012:role/Reader";
const CHAIN_VARIABLES = "AWS_*,HOME,USERPROFILE,HOMEPATH,HOMEDRIVE";

/** The setup of a way to authenticate, and the flags that it needs besides its network. */
interface Setup {
  readonly options?: object;
  readonly variables?: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  readonly yields?: KnownCredential;
}

/** Runs the probe with these flags on a terminal, where Deno would prompt for what it denies. */
async function probe(
  flags: readonly string[],
  args: readonly string[],
  env: object,
  program = PROBE,
) {
  const isolated = RUN_FLAGS.filter((flag) => flag !== "-A");
  const command = [process.execPath, ...isolated, ...flags, program, ...args];
  const line = command.map((word) => `'${word}'`).join(" ");
  const { stdout } = await promisify(execFile)("script", ["-qec", line, "/dev/null"], {
    env: { ...bareEnvironment(), ...env },
    timeout: 20_000,
  });
  return stdout.trim();
}

/**
 * Asserts that the flags suffice, that each is needed, and that an error names the one that is missing.
 * For variables Deno is never made to prompt; for files, hosts and programs it may.
 */
async function holds(name: string, prepare: (machine: Machine) => Promise<Setup>): Promise<void> {
  await onMachine(async (machine) => {
    const { options, variables = {}, flags, yields = USER_KEYS } = await prepare(machine);
    const baseURL = await machine.serveMantle(yields);
    const args = [baseURL, JSON.stringify({ region: "us-west-2", ...options })];
    const env = { HOME: machine.home, ...variables };
    const all = [`--allow-net=${new URL(baseURL).host}`, ...flags];
    assert.equal(await probe(all, args, env), "status 200", name);
    for (const flag of flags) {
      const [kind = ""] = flag.split("=");
      const others = all.filter((each) => each !== flag);
      const told = await probe(
        kind === "--allow-env" ? others : [...others, "--no-prompt"],
        args,
        env,
      );
      assert.match(
        told,
        /^(?:permission_missing|credentials_missing): /,
        `${name} without ${flag}: ${told}`,
      );
      assert.ok(told.includes(kind), `${name} without ${flag}: ${told}`);
      assert.ok(!told.includes("requests"), `${name} without ${flag} prompts: ${told}`);
    }
  });
}

const host = (url: string) => `--allow-net=${new URL(url).host}`;
const files = ({ home }: Machine) =>
  `--allow-read=${join(home, ".aws/config")},${join(home, ".aws/credentials")}`;
const ofChain = (machine: Machine) => [`--allow-env=${CHAIN_VARIABLES}`, files(machine)];
const ofClients = (machine: Machine) => [
  `--allow-env=${CHAIN_VARIABLES},_X_AMZN_TRACE_ID`,
  files(machine),
  "--allow-sys=osRelease",
];

const SETUPS: Readonly<Record<string, (machine: Machine) => Promise<Setup>>> = {
  "explicit keys": async () => ({ options: USER_KEYS, flags: [] }),
  "keys in variables": async () => ({
    variables: keyVariables(USER_KEYS),
    flags: [
      "--allow-env=AWS_PROFILE,AWS_BEARER_TOKEN_BEDROCK,AWS_ACCESS_KEY_ID," +
      "AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN",
    ],
  }),
  "a profile with keys": async (machine) => {
    await machine.write(".aws/credentials", section("work", keySettings(USER_KEYS)));
    return { options: { profile: "work" }, flags: ofChain(machine) };
  },
  "a profile with a process": async (machine) => {
    const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = USER_KEYS;
    const response = JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey });
    const path = await machine.write("response.json", response);
    const settings = { credential_process: `/bin/cat ${path}` };
    await machine.write(".aws/config", section("profile work", settings));
    const flags = ["--allow-env", files(machine), "--allow-run=/bin/sh"];
    return { options: { profile: "work" }, flags };
  },
  "a profile with a role": async (machine) => {
    const role = { arn: ROLE_ARN, callers: [USER_KEYS], credentials: ISSUED };
    const url = await machine.serve(sts({ region: "us-west-2", roles: [role] }));
    const settings = { role_arn: ROLE_ARN, source_profile: "keys" };
    await machine.write(".aws/config", section("profile work", settings));
    await machine.write(".aws/credentials", section("keys", keySettings(USER_KEYS)));
    return {
      options: { profile: "work" },
      variables: { AWS_ENDPOINT_URL_STS: url },
      flags: [...ofClients(machine), host(url)],
      yields: ISSUED,
    };
  },
  "a web identity": async (machine) => {
    const token = "example-web-identity-token";
    const role = { arn: ROLE_ARN, token, credentials: ISSUED };
    const url = await machine.serve(sts({ federatedRoles: [role] }));
    const path = await machine.write("token", token);
    return {
      variables: {
        AWS_ENDPOINT_URL_STS: url,
        AWS_WEB_IDENTITY_TOKEN_FILE: path,
        AWS_ROLE_ARN: ROLE_ARN,
      },
      flags: [...ofChain(machine).with(1, `${files(machine)},${path}`), host(url)],
      yields: ISSUED,
    };
  },
  "an SSO session": async (machine) => {
    const [accountId, roleName] = ["123456789012", "Reader"];
    const accessToken = "example-access-token";
    const portal = ssoPortal({ accessToken, accountId, roleName, credentials: ISSUED });
    const url = await machine.serve(portal);
    const profile = { sso_session: "s", sso_account_id: accountId, sso_role_name: roleName };
    const session = { sso_start_url: "https://example.awsapps.com/start", sso_region: "eu-west-1" };
    await machine.write(
      ".aws/config",
      section("profile work", profile) + section("sso-session s", session),
    );
    await keepSsoToken(machine, "s", { accessToken });
    const cache = join(machine.home, ".aws/sso/cache");
    return {
      options: { profile: "work" },
      variables: { AWS_ENDPOINT_URL_SSO: url, AWS_ENDPOINT_URL_SSO_OIDC: url },
      flags: [
        ...ofClients(machine).with(1, `${files(machine)},${cache}`),
        host(url),
      ],
      yields: ISSUED,
    };
  },
  "a container": async (machine) => {
    const authorization = "example-authorization";
    const handler = containerCredentials({ authorization, credentials: ISSUED });
    const url = `${await machine.serve(handler)}/v1/credentials`;
    const path = await machine.write("authorization", authorization);
    return {
      variables: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path,
      },
      flags: [...ofChain(machine).with(1, `${files(machine)},${path}`), host(url)],
      yields: ISSUED,
    };
  },
  "an instance": async (machine) => {
    const url = await machine.serve(instanceMetadata({ credentials: ISSUED }));
    return {
      variables: { AWS_EC2_METADATA_SERVICE_ENDPOINT: url },
      flags: [...ofChain(machine), host(url)],
      yields: ISSUED,
    };
  },
};

for (const [name, prepare] of Object.entries(SETUPS)) {
  const skip = !("Deno" in globalThis) && "Only Deno withholds anything";
  test(`on Deno, ${name} needs exactly its flags, and the error names a missing one`, {
    skip,
  }, () => holds(name, prepare));
}

const STS_PROBE = fileURLToPath(new URL("../support/sts_permission_probe.ts", import.meta.url));

test("on Deno, /sts needs its network and a token file, and names the flag that is missing", {
  skip: !("Deno" in globalThis) && "Only Deno withholds anything",
}, async () => {
  await onMachine(async ({ serve, write }) => {
    const token = "example-token";
    const federatedRoles = [{ arn: ROLE_ARN, token, credentials: ISSUED }];
    const url = await serve(sts({ federatedRoles }));
    const path = await write("token", `${token}\n`);
    const flags = [`--allow-net=${new URL(url).host}`, `--allow-read=${path}`];
    const args = [url, ROLE_ARN, path];
    assert.equal(await probe(flags, args, {}, STS_PROBE), ISSUED.accessKeyId);
    for (const flag of flags) {
      const told = await probe(flags.filter((each) => each !== flag), args, {}, STS_PROBE);
      assert.ok(told.startsWith("permission_missing: ") && told.endsWith(`Add ${flag}`), told);
    }
  });
});
