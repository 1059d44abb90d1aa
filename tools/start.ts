/**
 * Makes real calls through the OpenAI client, to a local server or, with `--live`, to AWS.
 *
 * @module
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import OpenAI from "openai";
import { bedrock, BedrockError, type BedrockProviderOptions } from "../aws.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS, mantle } from "../conformance/mantle/mod.ts";
import { serve } from "../conformance/mantle/serve.ts";

const MODEL = "openai.gpt-5.4";
const REGION = "us-west-2";

/** A way to authenticate: options, or why there are none. */
type Way = [name: string, options: BedrockProviderOptions | string];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { live: { type: "boolean" } },
});
const prompt = positionals.join(" ") || "Say hello!";
try {
  await (values.live ? live() : local());
} catch (error) {
  const code = error instanceof BedrockError ? ` (${error.code})` : "";
  console.error(`\nFailed: ${error instanceof Error ? error.message : error}${code}`);
  process.exitCode = 1;
}

/** Leaves the user's AWS variables and files out: everything comes from options. */
async function local(): Promise<void> {
  const server = await serve(mantle({ region: REGION, chunkDelayMs: 15 }));
  const folder = await mkdtemp(join(tmpdir(), "bedrock-start-"));
  try {
    console.log(`A local Mantle server answers at ${server.url}; no AWS account is used.`);
    const env = {
      AWS_CONFIG_FILE: join(folder, "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    };
    await writeFile(env.AWS_CONFIG_FILE, `[profile start]\nregion = ${REGION}\n`);
    await writeFile(
      env.AWS_SHARED_CREDENTIALS_FILE,
      `[start]\naws_access_key_id = ${EXAMPLE_CREDENTIALS.accessKeyId}\n` +
        `aws_secret_access_key = ${EXAMPLE_CREDENTIALS.secretAccessKey}\n`,
    );
    const there = { endpoint: "mantle", baseURL: `${server.url}/openai/v1`, env } as const;
    await call([
      ["Bearer token", { ...there, apiKey: EXAMPLE_BEARER_TOKEN }],
      ["Static keys", { ...there, ...EXAMPLE_CREDENTIALS, region: REGION }],
      ["AWS chain, from a profile", { ...there, profile: "start" }],
    ]);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

async function live(): Promise<void> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const keys = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
  };
  await call([
    [
      "Bearer token",
      process.env.AWS_BEARER_TOKEN_BEDROCK ? {} : "AWS_BEARER_TOKEN_BEDROCK is not set",
    ],
    [
      "Static keys",
      AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY ? keys : "No keys in the environment",
    ],
    ["AWS chain", { apiKey: null }],
  ]);
}

async function call(ways: Way[]): Promise<void> {
  for (const [name, options] of ways) {
    console.log(`\n${name}`);
    if (typeof options === "string") {
      console.log(`  skipped   ${options}`);
      continue;
    }
    const provider = bedrock(options);
    const client = new OpenAI({ provider });
    console.log(`  to        ${provider.url}`);
    const request = { model: MODEL, input: prompt };
    console.log(`  plain     ${(await client.responses.create(request)).output_text}`);
    await print("  streamed  ");
    for await (const event of await client.responses.create({ ...request, stream: true })) {
      if (event.type === "response.output_text.delta") await print(event.delta);
    }
    await print("\n");
  }
}

/** Resolves when the text has left, so that an answer is seen as it arrives. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
