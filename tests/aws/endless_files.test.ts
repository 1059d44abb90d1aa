import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { bedrock, type BedrockProviderOptions } from "../../aws.ts";
import {
  keySettings,
  type Machine,
  onMachine,
  section,
  USER_KEYS,
  type Variables,
} from "../support/machine.ts";
import { refuses, rejects } from "../support/refusal.ts";
import { ssoTokenPath } from "../support/sso_cache.ts";
import { withVariables } from "../support/variables.ts";

const skip = process.platform === "win32" && "There are no named pipes in its file system";

const ROLE = "arn:aws:iam::123456789012:role/Reader";
const START = "https://example.awsapps.com/start";

/** Makes a pipe that nobody writes to: whoever opens it to read waits. */
function pipe({ home }: Machine, name: string): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  execFileSync("mkfifo", [path]);
  return path;
}

const notSent = () => Promise.reject(new Error("Sent without credentials"));

/** Asserts that a lookup refuses a path before it is opened, with these variables. */
async function assertRefused(
  machine: Machine,
  more: Variables,
  path: string,
  kind = "is a named pipe",
  options: BedrockProviderOptions = {},
): Promise<void> {
  const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
  await withVariables(machine.variables({ ...nowhere, ...more }), async () => {
    const { url, fetch } = bedrock({ region: "us-west-2", fetch: notSent, ...options });
    await rejects(fetch(url), "permission_missing", path, kind, "Use a regular file");
  });
}

for (const variable of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) {
  test(
    `the file in ${variable} is not opened if it is a pipe, a device or too large`,
    { skip },
    async () => {
      await onMachine(async (machine) => {
        const fifo = pipe(machine, "pipe");
        // Blanks are part of a name
        const spaced = pipe(machine, "pipe ");
        const linked = join(machine.home, "linked");
        symlinkSync(fifo, linked);
        const large = await machine.write("large", "#".repeat(1024 * 1024 + 1));
        for (
          const [path, kind] of [
            [fifo, "is a named pipe"],
            [spaced, "is a named pipe"],
            [linked, "is a named pipe"],
            ["/dev/zero", "is a device"],
            [large, "has 1048577 bytes"],
          ] as const
        ) {
          await assertRefused(machine, { [variable]: path }, path, kind);
          // The region is looked up at once
          await withVariables(machine.variables({ [variable]: path }), async () => {
            refuses(() => bedrock({ profile: "work" }), "permission_missing", path, kind);
          });
        }
      });
    },
  );
}

test("the files in the home folder are checked in the same way", { skip }, async () => {
  await onMachine(async (machine) => {
    await assertRefused(machine, {}, pipe(machine, ".aws/credentials"));
  });
  await onMachine(async (machine) => {
    await assertRefused(machine, {}, pipe(machine, ".aws/config"));
  });
});

test("a link to a file of 1 MiB is read", { skip }, async () => {
  await onMachine(async ({ home, write, signsAs }) => {
    const keys = section("default", keySettings(USER_KEYS));
    const file = await write("large", keys + "#".repeat(1024 * 1024 - keys.length));
    symlinkSync(file, join(home, "linked"));
    await signsAs(USER_KEYS, { AWS_SHARED_CREDENTIALS_FILE: join(home, "linked") });
  });
});

test("no token file is opened that AWS's package would wait for", { skip }, async () => {
  await onMachine(async (machine) => {
    const token = pipe(machine, "token");
    // Blanks are part of a name
    for (const path of [token, pipe(machine, "token ")]) {
      await assertRefused(machine, { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: path }, path);
    }
    const container = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token,
    };
    await assertRefused(machine, container, token);

    const federated = { role_arn: ROLE, web_identity_token_file: token };
    const config = section("profile federated", federated) +
      section("profile role", { role_arn: ROLE, source_profile: "federated" }) +
      section("profile session", { sso_session: "own" }) +
      section("profile start", { sso_start_url: START }) +
      section("profile login", { login_session: "arn:aws:iam::123456789012:user/a" });
    await machine.write(".aws/config", config);
    await assertRefused(machine, { AWS_PROFILE: "federated" }, token);
    await assertRefused(machine, { AWS_PROFILE: "role" }, token);
    await assertRefused(machine, { AWS_PROFILE: "session" }, pipe(machine, ssoTokenPath("own")));
    await assertRefused(machine, { AWS_PROFILE: "start" }, pipe(machine, ssoTokenPath(START)));
    const name = "fb420f8060720f9dd88d913ec757c7a10dc4073068bcacb4d133f4469b7f8f7c.json";
    await assertRefused(
      machine,
      { AWS_PROFILE: "login", AWS_LOGIN_CACHE_DIRECTORY: machine.home },
      pipe(machine, name),
    );
  });
});

test("with an env option, the files of the process that AWS's package reads are checked", {
  skip,
}, async () => {
  await onMachine(async (machine) => {
    const config = await machine.write(
      "config",
      section("profile work", { role_arn: ROLE, source_profile: "keys" }) +
        section("profile keys", keySettings(USER_KEYS)),
    );
    const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const env = { ...nowhere, AWS_PROFILE: "work", AWS_CONFIG_FILE: config };
    const path = pipe(machine, "pipe");
    await assertRefused(machine, { AWS_CONFIG_FILE: path }, path, "is a named pipe", { env });
  });
});

test("keys in variables need no file, and none is checked", { skip }, async () => {
  await onMachine(async (machine) => {
    const token = pipe(machine, "token");
    await machine.signsAs(USER_KEYS, {
      AWS_ACCESS_KEY_ID: USER_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: USER_KEYS.secretAccessKey,
      AWS_ROLE_ARN: ROLE,
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
    });
    assert.ok(token);
  });
});
