import { exportLine, quoteForShell } from "../../cli/shell.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "./mod.ts";
import type { Endpoint } from "./models.ts";

/** A model that each family serves. */
const MODELS: Readonly<Record<Endpoint, string>> = {
  mantle: "openai.gpt-5.5",
  runtime: "us.openai.gpt-5.6-luna",
};
const SERVICES: Readonly<Record<Endpoint, string>> = {
  mantle: "bedrock-mantle",
  runtime: "bedrock",
};

/** Lists what is needed to try a server that is listening: addresses, credentials, lines to paste. */
export function hints(url: string, region: string, endpoint: Endpoint): string {
  const { accessKeyId, secretAccessKey } = EXAMPLE_CREDENTIALS;
  const baseURL = `${url}/openai/v1`;
  const request = JSON.stringify({ model: MODELS[endpoint], input: "Say hello!" });
  const post = [`${baseURL}/responses`, "-H", "content-type: application/json", "-d", request];
  const bearer = ["-H", `authorization: Bearer ${EXAMPLE_BEARER_TOKEN}`];
  const sigv4 = ["--aws-sigv4", `aws:amz:${region}:${SERVICES[endpoint]}`];
  const user = ["--user", `${accessKeyId}:${secretAccessKey}`];
  return `Local Bedrock listening on ${url}
  endpoint           ${endpoint}
  region             ${region}
  base URL           ${baseURL}
  bearer token       ${EXAMPLE_BEARER_TOKEN}
  access key id      ${accessKeyId}
  secret access key  ${secretAccessKey}
  short-term keys    those minted from these for ${region}, such as by cli.ts key

With curl, a token or a signature:
  ${commandLine("curl", ...bearer, ...post)}
  ${commandLine("curl", ...sigv4, ...user, ...post)}

With any OpenAI client:
  ${exportLine("OPENAI_BASE_URL", baseURL)}
  ${exportLine("OPENAI_API_KEY", EXAMPLE_BEARER_TOKEN)}

With this module, or the provider of the official client; endpoint: "${endpoint}" is needed to sign:
  ${exportLine("AWS_BEDROCK_BASE_URL", baseURL)}
  ${exportLine("AWS_REGION", region)}
  ${exportLine("AWS_ACCESS_KEY_ID", accessKeyId)}
  ${exportLine("AWS_SECRET_ACCESS_KEY", secretAccessKey)}

Stop it with Ctrl+C.`;
}

function commandLine(...words: readonly string[]): string {
  return words.map(quoteForShell).join(" ");
}
