/**
 * `@mantle/bedrock` with profiles and the standard AWS credential chain: environment, shared files,
 * SSO, assumed roles, web identity, processes, containers and instances.
 *
 * Keys, web identity, containers and instances are read without a package of AWS's. SSO, `aws login`,
 * processes and roles need `@aws-sdk/credential-provider-node`, which is loaded on the first request
 * that needs it.
 *
 * @example With the OpenAI client and a profile
 * ```ts
 * import OpenAI from "openai";
 * import { bedrock } from "@mantle/bedrock/aws";
 *
 * const client = new OpenAI(bedrock({ region: "us-west-2", profile: "work" }));
 * const response = await client.responses.create({ model: "openai.gpt-5.4", input: "Say hello!" });
 * console.log(response.output_text);
 * ```
 *
 * @module
 */
import type { ShortTermKey } from "./mod.ts";
import { AWS } from "./src/aws/setup.ts";
import { type Bedrock, createBedrock, type OpenAIProvider } from "./src/bedrock.ts";
import { planMinting } from "./src/keys/minting.ts";
import type {
  CallbackProperties,
  EndpointOptions,
  MintingOptions,
  OneProfile,
  OneSigningWay,
  OneWay,
  RuntimeOptions,
} from "./src/options.ts";

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
  PathPrefix,
  Problem,
  ProfileOptions,
  ProviderOf,
  Route,
  RuntimeOptions,
  ServiceRefusal,
  ShortTermKey,
  SkippedSource,
  Sourced,
} from "./mod.ts";
export { BedrockError, decodeKey } from "./mod.ts";
export type { OneProfile } from "./src/options.ts";

/** The options of {@link bedrock}: the endpoint, and at most one explicit way to authenticate. */
export type BedrockProviderOptions = EndpointOptions & RuntimeOptions & (OneWay | OneProfile);

/**
 * Configures a connection to Bedrock with a bearer token, AWS keys, a profile or the AWS credential
 * chain.
 *
 * If no credential is passed, it uses `AWS_BEARER_TOKEN_BEDROCK`, then the chain, in which
 * `AWS_PROFILE` comes before keys in variables. With AWS credentials, a region that is set nowhere
 * else is read from the selected profile of the AWS files.
 *
 * @param options The endpoint, and at most one explicit way to authenticate.
 * @returns Client options for `new OpenAI()`, which are also a provider and have `url` and `fetch`.
 * @throws {BedrockError} with the codes of `bedrock` in `@mantle/bedrock`, and
 * `aws_package_missing` on a request that needs the package if it is not installed
 *
 * @example Using AWS credentials although a bearer token is set
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
  return createBedrock(options, { aws: AWS });
}

/** The options of {@link mintKey} and {@link tokenProvider}, named as in `bedrock()`. */
export type MintOptions = MintingOptions & (OneSigningWay | OneProfile);

/**
 * Mints a short-term Bedrock API key from AWS keys, a profile or the AWS credential chain. Looking
 * up the credentials may call AWS, for example to assume a role; minting never does.
 *
 * @param options The AWS credentials, the region and the lifetime of the API key.
 * @returns The key, its region and when it expires, which is no later than the credentials do.
 * @throws {BedrockError} with the codes of `mintKey` in `@mantle/bedrock`, or `aws_package_missing`
 *
 * @example A key from a profile
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
 * Creates a callback for the option `tokenProvider`, as `tokenProvider` in `@mantle/bedrock` does,
 * from AWS keys, a profile or the AWS credential chain.
 *
 * @param options The AWS credentials, the region and the lifetime of each API key.
 * @returns A callback that resolves to a key.
 * @throws {BedrockError} with the codes of {@link mintKey}: those about options here, the rest from
 * the callback
 *
 * @example With the OpenAI client
 * ```ts
 * import OpenAI from "openai";
 * import { bedrock, tokenProvider } from "@mantle/bedrock/aws";
 *
 * const region = "us-west-2";
 * const client = new OpenAI(
 *   bedrock({ region, tokenProvider: tokenProvider({ region, profile: "work" }) }),
 * );
 * ```
 */
export function tokenProvider(
  options: MintOptions = {},
): (properties?: CallbackProperties) => Promise<string> {
  return planMinting(options, AWS).token;
}
