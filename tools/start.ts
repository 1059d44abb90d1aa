/**
 * Calls Bedrock through the OpenAI client: a local server or, with `--live`, AWS.
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
import { plain } from "../cli/plain.ts";
import { createMask } from "../conformance/masking.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS, mantle } from "../conformance/mantle/mod.ts";
import { serve } from "../conformance/mantle/serve.ts";

const USAGE = "Usage: deno task start [--live] [prompt]";
const MODEL = "openai.gpt-5.4";
const REGION = "us-west-2";

/** The credentials in variables, read before they are removed. */
const SECRETS = ["AWS_BEARER_TOKEN_BEDROCK", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
  .flatMap((name) => process.env[name] || []);

/** A way to authenticate: its options, or the reason why it is unavailable. */
type Way = [name: string, options: BedrockProviderOptions | string];

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { live: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const prompt = positionals.join(" ") || "Say hello!";
  if (values.help) console.log(USAGE);
  else await (values.live ? live(prompt) : local(prompt));
} catch (error) {
  console.error(`\nFailed: ${describe(error)}`);
  if (!(error instanceof BedrockError) && error instanceof TypeError) console.error(USAGE);
  process.exitCode = 1;
}

async function local(prompt: string): Promise<void> {
  removeAccount();
  const server = await serve(mantle({ region: REGION, chunkDelayMs: 15 }));
  const folder = await mkdtemp(join(tmpdir(), "bedrock-start-"));
  try {
    console.log(`Started a local Mantle server at ${server.url}. No AWS account is used.`);
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
    const target = { endpoint: "mantle", baseURL: `${server.url}/openai/v1`, env } as const;
    await call(prompt, [
      ["Bearer token", { ...target, apiKey: EXAMPLE_BEARER_TOKEN }],
      ["AWS keys", { ...target, ...EXAMPLE_CREDENTIALS, region: REGION }],
      ["A profile", { ...target, profile: "start" }],
    ]);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

/** Removes the user's account and HTTP proxies from the variables. */
function removeAccount(): void {
  for (const name of Object.keys(process.env)) {
    if (/^(?:AWS|OPENAI)_|_proxy$/i.test(name)) delete process.env[name];
  }
}

async function live(prompt: string): Promise<void> {
  const { AWS_BEARER_TOKEN_BEDROCK, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
    process.env;
  const keys = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
  };
  const profile = process.env.AWS_PROFILE || "default";
  await call(prompt, [
    ["Bearer token", AWS_BEARER_TOKEN_BEDROCK ? {} : "AWS_BEARER_TOKEN_BEDROCK is not set"],
    [
      "AWS keys, from variables",
      AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY ? keys : "AWS_ACCESS_KEY_ID is not set",
    ],
    [`Profile ${profile}`, { profile }],
  ]);
}

/** Calls in each way. Skips those without credentials; fails if none has any. */
async function call(prompt: string, ways: Way[]): Promise<void> {
  let found = 0;
  for (const [name, options] of ways) {
    console.log(`\n${plain(name)}`);
    try {
      if (typeof options === "string") throw new BedrockError("credentials_missing", options);
      await ask(prompt, options);
      found++;
    } catch (error) {
      if (!isWithoutCredential(error)) throw error;
      console.log(`  skipped   ${describe(error)}`);
    }
  }
  if (!found) throw new Error("No credentials were found. Set up one of the above");
}

function isWithoutCredential(error: unknown): boolean {
  return error instanceof BedrockError && /^credentials_(?:missing|failed)$/.test(error.code);
}

async function ask(prompt: string, options: BedrockProviderOptions): Promise<void> {
  const connection = bedrock(options);
  const client = new OpenAI(connection);
  console.log(`  to        ${connection.url}`);
  const request = { model: MODEL, input: prompt };
  const { output_text } = await client.responses.create(request);
  console.log(`  plain     ${plain(output_text, "\n")}`);
  await print("  streamed  ");
  for await (const event of await client.responses.create({ ...request, stream: true })) {
    if (event.type === "response.output_text.delta") await print(plain(event.delta, "\n"));
  }
  await print("\n");
}

/** Writes text, and resolves when it is flushed, so that a stream shows as it arrives. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}

/** Describes an error without secrets, which a service may repeat. */
function describe(error: unknown): string {
  return plain(createMask(SECRETS)(messageOf(error)));
}

function messageOf(error: unknown): string {
  if (error instanceof BedrockError) return `${error.message} (${error.code})`;
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}
