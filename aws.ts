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
 * ```
 *
 * @module
 */
import type {
  BedrockProviderOptions as KeyOptions,
  MintOptions as KeyMintOptions,
  ShortTermKey,
} from "./mod.ts";
import type { ProfileOptions } from "./src/auth_options.ts";
import type { CallbackProperties } from "./src/callback.ts";
import { profileRegion } from "./src/aws/profile.ts";
import { type AwsSetup, type Bedrock, createBedrock, type OpenAIProvider } from "./src/bedrock.ts";
import { createMint } from "./src/keys/minting.ts";

export type {
  AwsCredentialIdentity,
  AwsCredentialsProvider,
  AwsKeyOptions,
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
  OpenAIProvider,
  PassedOver,
  PathPrefix,
  Route,
  RuntimeOptions,
  ShortTermKey,
  Sourced,
} from "./mod.ts";
export {
  BedrockError,
  CONTROL_PATHS,
  CONTROL_PREFIX,
  decodeKey,
  DEFAULT_PREFIX,
  MODEL_ROUTES,
  MODEL_ROUTES_AS_OF,
  SERVED_REGIONS,
  SERVED_REGIONS_AS_OF,
} from "./mod.ts";
export type { ProfileOptions } from "./src/auth_options.ts";

const AWS: AwsSetup = {
  profileRegion,
  // Loaded on first need, like AWS's package: with a token or keys it never is
  chain(profile, env) {
    const load = async () => (await import("./src/aws/chain.ts")).credentialChain(profile, env);
    let chain: ReturnType<typeof load> | undefined;
    return async (properties) => await (await (chain ??= load()))(properties);
  },
};

/** Where to send requests, and at most one explicit way to authenticate them. */
export interface BedrockProviderOptions extends KeyOptions, ProfileOptions {}

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
 * `permission_missing` or `aws_package_missing` when a request needs what is withheld or not installed
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
export interface MintOptions extends KeyMintOptions, ProfileOptions {}

/**
 * Mints a short-term Bedrock API key from AWS keys, a profile or the AWS credential chain. What AWS
 * is asked for is credentials, as those of an assumed role, and never the key.
 *
 * @param options Whose key is minted, for which region and how long.
 * @returns The key, its region and its end, which is never later than that of the credentials.
 * @throws {BedrockError} with the codes of `mintKey` in `@mantle/bedrock`, `permission_missing` or
 * `aws_package_missing`
 *
 * @example A key of a profile
 * ```ts ignore
 * import { mintKey } from "@mantle/bedrock/aws";
 *
 * const { key } = await mintKey({ region: "us-west-2", profile: "work" });
 * ```
 */
export async function mintKey(options: MintOptions = {}): Promise<ShortTermKey> {
  return await createMint(options, AWS).mintKey();
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
  return createMint(options, AWS).token;
}
