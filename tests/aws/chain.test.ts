import assert from "node:assert/strict";
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import OpenAI from "openai";
import { bedrock } from "../../aws.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { credentialChain } from "../../src/aws/chain.ts";
import type { Logger } from "../../src/aws/reasons.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { RETRYING_PLATFORM } from "../../src/platform/retrying_platform.ts";
import { SESSION_CREDENTIALS, withMantle } from "../support/local_mantle.ts";
import { runFresh } from "../support/fresh_process.ts";
import { rejects, SECRET } from "../support/refusal.ts";
import { withVariables } from "../support/variables.ts";

const NO_METADATA = { AWS_EC2_METADATA_DISABLED: "true" };
const PACKAGE = "@aws-sdk/credential-provider-node";

const ini = (section: string, { accessKeyId, secretAccessKey, sessionToken = "" }: {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}) =>
  `[${section}]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n` +
  (sessionToken && `aws_session_token=${sessionToken}\n`);

/** Runs with AWS files and the variables that lead only to them. */
async function withFiles(run: (env: Record<string, string>, folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "bedrock-"));
  const env = {
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    ...NO_METADATA,
  };
  try {
    await writeFile(
      env.AWS_SHARED_CREDENTIALS_FILE,
      ini("default", EXAMPLE_CREDENTIALS) + ini("work", SESSION_CREDENTIALS),
    );
    await writeFile(
      env.AWS_CONFIG_FILE,
      "[default]\nregion = us-west-2\n[profile work]\nregion = us-west-2\n[sso-session work]\nregion = us-east-1\n",
    );
    await run(env, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("a profile authenticates the OpenAI client, with the region of the config file", async () => {
  await withFiles((env) =>
    withMantle(async ({ baseURL, received }) => {
      for (const options of [{}, { profile: "work" }, { env: { ...env, AWS_PROFILE: "work" } }]) {
        const provider = bedrock({ env, endpoint: "mantle", baseURL, ...options });
        const client = new OpenAI({ provider });
        await client.responses.create({ model: "openai.gpt-5.4", input: "x" });
      }
      const ids = received.map(({ headers }) =>
        headers.get("authorization")?.match(/=(\w+)\//)?.[1]
      );
      assert.deepEqual(ids, ["AKIDEXAMPLE", "ASIAEXAMPLE", "ASIAEXAMPLE"]);
      assert.ok(received.every(({ auth }) => auth === "sigv4"));
    })
  );
});

test("the region of the selected profile derives the base URL", async () => {
  await withFiles(async (env) => {
    await writeFile(
      env.AWS_CONFIG_FILE as string,
      "[default]\nregion=eu-west-1\n[profile b]\nregion=eu-west-2",
    );
    const { url } = bedrock({ env });
    assert.match(url, /bedrock-mantle\.eu-west-1\./);
    assert.match(bedrock({ env, profile: "b" }).url, /eu-west-2/);
    assert.match(bedrock({ env: { ...env, AWS_PROFILE: "b" } }).url, /eu-west-2/);
    assert.match(bedrock({ env: { ...env, AWS_REGION: "us-east-1" } }).url, /us-east-1/);
    assert.match(bedrock({ env, ...EXAMPLE_CREDENTIALS }).url, /eu-west-1/);
  });
});

test("with an env option, variables of the process are ignored", async () => {
  await withFiles(async (env, folder) => {
    const foreign = {
      AWS_ACCESS_KEY_ID: "AKIDPROCESS",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_PROFILE: "work",
      AWS_SHARED_CREDENTIALS_FILE: env.AWS_SHARED_CREDENTIALS_FILE,
      AWS_CONFIG_FILE: env.AWS_CONFIG_FILE,
      ...NO_METADATA,
    };
    await withVariables(foreign, async () => {
      assert.equal(
        (await credentialChain(undefined, readEnvironment(env))()).accessKeyId,
        "AKIDEXAMPLE",
      );
      const elsewhere = readEnvironment({ ...NO_METADATA, HOME: join(folder, "absent") });
      await rejects(credentialChain(undefined, elsewhere)(), "credentials_failed");
      await mkdir(join(folder, ".aws"));
      await copyFile(
        env.AWS_SHARED_CREDENTIALS_FILE as string,
        join(folder, ".aws", "credentials"),
      );
      const home = credentialChain(undefined, readEnvironment({ ...NO_METADATA, HOME: folder }));
      assert.equal((await home()).accessKeyId, "AKIDEXAMPLE");
    });
  });
});

test("a profile of the env option is looked up by AWS's package in the files that it names", async () => {
  const inits: Record<string, unknown>[] = [];
  const load = async () => ({
    defaultProvider: (init: object) => (inits.push({ ...init }), async () => EXAMPLE_CREDENTIALS),
  });
  await withFiles(async (env) => {
    await writeFile(env.AWS_CONFIG_FILE as string, "[profile other]\ncredential_process = x\n");
    const variables = readEnvironment({ ...env, AWS_PROFILE: "other" });
    await credentialChain(undefined, variables, RETRYING_PLATFORM, load)();
    assert.deepEqual(inits.map(({ logger: _, ...init }) => init), [{
      profile: "other",
      filepath: env.AWS_SHARED_CREDENTIALS_FILE,
      configFilepath: env.AWS_CONFIG_FILE,
      ignoreCache: true,
    }]);
  });
});

test("chain credentials are reused, and a rotated file is read when they are refreshed", async () => {
  await withFiles(async (env) => {
    let now = Date.now();
    const resolve = credentialChain(undefined, readEnvironment(env), {
      ...RETRYING_PLATFORM,
      now: () => now,
    });
    assert.equal((await resolve()).accessKeyId, "AKIDEXAMPLE");
    await writeFile(env.AWS_SHARED_CREDENTIALS_FILE as string, ini("default", SESSION_CREDENTIALS));
    assert.equal((await resolve()).accessKeyId, "AKIDEXAMPLE");
    now += 5 * 60_000;
    assert.equal((await resolve()).accessKeyId, "ASIAEXAMPLE");
  });
});

test("the message of AWS's package about a failure is not repeated", async () => {
  await withFiles(async (env) => {
    const failure = Object.assign(new Error(`stderr: ${SECRET}`), { name: SECRET });
    const load = async () => ({
      defaultProvider: ({ logger }: { logger: Logger }) => () => {
        logger.debug("@aws-sdk/credential-provider-node - defaultProvider::fromIni");
        logger.debug(`@smithy/property-provider -> stdout: ${SECRET}`);
        return Promise.reject(failure);
      },
    });
    await writeFile(env.AWS_CONFIG_FILE as string, "[default]\ncredential_process = x\n");
    await writeFile(env.AWS_SHARED_CREDENTIALS_FILE as string, "");
    for (const profile of ["default", undefined]) {
      const chain = credentialChain(profile, readEnvironment(env), RETRYING_PLATFORM, load);
      await rejects(chain(), "credentials_failed", "profile default (AWS's package gave no reason");
    }
  });
});

test("a permission that Deno denies is not mistaken for a missing package", async () => {
  await withFiles(async (env) => {
    const message = 'Requires env access to "AWS_X", run again with the --allow-env flag';
    const denied = Object.assign(new Error(message), { name: "NotCapable" });
    const load = () => Promise.reject(denied);
    await writeFile(env.AWS_CONFIG_FILE as string, "[default]\ncredential_process = x\n");
    await writeFile(env.AWS_SHARED_CREDENTIALS_FILE as string, "");
    const chain = credentialChain(undefined, readEnvironment(env), RETRYING_PLATFORM, load);
    await rejects(chain(), "permission_missing", "--allow-env=AWS_X");
  });
});

test("a profile that does not exist is an error that names it", async () => {
  await withFiles((env) =>
    rejects(credentialChain("absent", readEnvironment(env))(), "credentials_failed", "absent")
  );
});

/**
 * Makes requests with each kind of authentication and reports which left AWS's package
 * unloaded.
 */
const LOADED = `
  import { bedrock } from "./aws.ts";
  const fetch = async (_url, init) => new Response(init.headers.get("authorization").slice(0, 6));
  const told = async (response) => response.ok ? await response.text() : (({ error }) => error.code + ": " + error.message)(await response.json());
  const keys = { accessKeyId: "AKID", secretAccessKey: "secret" };
  const variables = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "secret" };
  const modes = [{ apiKey: "key" }, { tokenProvider: () => "token" }, keys,
    { credentialProvider: () => keys }, { env: { AWS_BEARER_TOKEN_BEDROCK: "token" } },
    { env: variables }, { profile: "work", env: { AWS_CONFIG_FILE: import.meta.dirname + "/config" } }];
  const outcomes = [];
  for (const mode of modes) {
    const way = bedrock({ region: "us-west-2", env: {}, fetch, ...mode });
    outcomes.push(await told(await way.fetch(way.url)));
  }
  console.log(JSON.stringify(outcomes));
`;

test("without AWS's package, tokens and keys work, and the error about a profile names the package", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bedrock-"));
  try {
    for (const name of ["mod.ts", "aws.ts", "src"]) {
      await cp(new URL(`../../${name}`, import.meta.url), join(folder, name), { recursive: true });
    }
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    await writeFile(join(folder, "config"), "[profile work]\ncredential_process = none\n");
    await writeFile(join(folder, "main.ts"), LOADED);
    const outcomes = JSON.parse((await runFresh(join(folder, "main.ts"))).stdout) as string[];
    const profile = outcomes.pop() ?? "";
    assert.deepEqual(outcomes, ["Bearer", "Bearer", "AWS4-H", "AWS4-H", "Bearer", "AWS4-H"]);
    assert.match(profile, /^aws_package_missing: .*npm install @aws-sdk\/credential-provider-node/);
    assert.ok(createRequire(import.meta.url).resolve(PACKAGE), "it is installed here");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a bearer token opens no file and needs no valid profile", async () => {
  await withFiles((env) =>
    withMantle(async ({ baseURL, received }) => {
      const files = { AWS_CONFIG_FILE: "/", AWS_SHARED_CREDENTIALS_FILE: "/" };
      const broken = { ...env, ...files, AWS_PROFILE: "absent" };
      const variables = { ...broken, AWS_BEARER_TOKEN_BEDROCK: EXAMPLE_BEARER_TOKEN };
      const { fetch } = bedrock({ env: variables, baseURL });
      assert.equal((await fetch(baseURL.replace("/openai", "") + "/models")).status, 200);
      assert.equal(received[0]?.auth, "bearer");
    })
  );
});
