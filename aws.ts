/**
 * `@mantle/bedrock` with profiles and the standard AWS credential chain: environment, shared files,
 * SSO, assumed roles, web identity, processes, containers and instances.
 *
 * The chain is AWS's own, from `@aws-sdk/credential-provider-node`, which is loaded when a request
 * first needs it: with a bearer token or keys it never is.
 *
 * @example With the OpenAI client and a profile
 * ```ts
 * import OpenAI from "openai";
 * import { bedrock } from "@mantle/bedrock/aws";
 *
 * const client = new OpenAI({ provider: bedrock({ region: "us-west-2", profile: "work" }) });
 * const response = await client.responses.create({ model: "openai.gpt-5.4", input: "Say hello!" });
 * console.log(response.output_text);
 * ```
 *
 * @module
 */
import type { ShortTermKey } from "./mod.ts";
import type { OneProfile, OneSigningWay, OneWay } from "./src/auth_options.ts";
import type { CallbackProperties } from "./src/callback.ts";
import { AWS } from "./src/aws/setup.ts";
import { type Bedrock, createBedrock, type OpenAIProvider } from "./src/bedrock.ts";
import type { EndpointOptions } from "./src/endpoint.ts";
import { type MintingOptions, planMinting } from "./src/keys/minting.ts";
import type { RuntimeOptions } from "./src/runtime_options.ts";

export type {
  Alone,
  AuthOptions,
  AwsCredentialIdentity,
  AwsCredentialsProvider,
  AwsKeyOptions,
  BaseURLOptions,
  BearerOptions,
  Bedrock,
  BedrockEndpoint,
  BedrockErrorCode,
  BodyOptions,
  CallbackProperties,
  DecodedKey,
  EndpointOptions,
  Explanation,
  Fetch,
  MintingOptions,
  OneSigningWay,
  OneWay,
  OpenAIProvider,
  PassedOver,
  PathPrefix,
  ProfileOptions,
  ProviderOf,
  Route,
  RuntimeOptions,
  ShortTermKey,
  Sourced,
} from "./mod.ts";
export { BedrockError, decodeKey } from "./mod.ts";
export type { OneProfile } from "./src/auth_options.ts";

/** Where to send requests, and at most one explicit way to authenticate them. */
export type BedrockProviderOptions = EndpointOptions & RuntimeOptions & (OneWay | OneProfile);

/**
 * Configures a way to Bedrock with a bearer token, AWS keys, a profile or the AWS credential chain.
 *
 * Without an explicit mode it takes `AWS_BEARER_TOKEN_BEDROCK`, then the chain, in which a set
 * `AWS_PROFILE` wins over keys in variables. With AWS credentials, a region that is given nowhere
 * else is taken from the selected profile of the AWS config file (`AWS_CONFIG_FILE`).
 *
 * @param options Where to send requests and how to authenticate them.
 * @returns A provider, which is also a set of client options and carries `url` and `fetch`.
 * @throws {BedrockError} with the codes of `bedrock` in `@mantle/bedrock`, and
 * `aws_package_missing` when a request needs what is not installed
 *
 * @example Forcing AWS credentials where a bearer token is set
 * ```ts
 * import assert from "node:assert/strict";
 * import { bedrock } from "@mantle/bedrock/aws";
 *
 * const { url } = bedrock({ endpoint: "runtime", region: "eu-central-1", apiKey: null });
 * assert.equal(url, "https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1");
 * ```
 */
export function bedrock<Provider = OpenAIProvider>(
  options: BedrockProviderOptions = {},
): Bedrock<Provider> {
  return createBedrock(options, AWS);
}

/** How to mint short-term keys; the names and the variables are those of `bedrock()`. */
export type MintOptions = MintingOptions & (OneSigningWay | OneProfile);

/**
 * Mints a short-term Bedrock API key from AWS keys, a profile or the AWS credential chain. What AWS
 * is asked for is credentials, as those of an assumed role, and never the key.
 *
 * @param options Whose key is minted, for which region and how long.
 * @returns The key, its region and its end, which is never later than that of the credentials.
 * @throws {BedrockError} with the codes of `mintKey` in `@mantle/bedrock`, or `aws_package_missing`
 *
 * @example A key of a profile
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeKey, mintKey } from "@mantle/bedrock/aws";
 *
 * const { key } = await mintKey({ region: "us-west-2", profile: "work" });
 * assert.equal(decodeKey(key)?.region, "us-west-2");
 * ```
 */
export async function mintKey(options: MintOptions = {}): Promise<ShortTermKey> {
  return await planMinting(options, AWS).mintKey();
}

/**
 * Makes what the option `tokenProvider` takes, as `tokenProvider` in `@mantle/bedrock` does, from
 * AWS keys, a profile or the AWS credential chain.
 *
 * @param options Whose keys are minted, for which region and how long.
 * @returns A callback that resolves a key.
 * @throws {BedrockError} with the codes of {@link mintKey}: what concerns options here, the rest
 * when a key is asked for
 *
 * @example With the OpenAI client
 * ```ts
 * import OpenAI from "openai";
 * import { bedrock, tokenProvider } from "@mantle/bedrock/aws";
 *
 * const region = "us-west-2";
 * const provider = bedrock({ region, tokenProvider: tokenProvider({ region, profile: "work" }) });
 * const client = new OpenAI({ provider });
 * ```
 */
export function tokenProvider(
  options: MintOptions = {},
): (properties?: CallbackProperties) => Promise<string> {
  return planMinting(options, AWS).token;
}
