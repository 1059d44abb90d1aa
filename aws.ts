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
import type { BedrockProviderOptions as KeyOptions } from "./mod.ts";
import type { ProfileOptions } from "./src/auth.ts";
import { credentialChain } from "./src/aws/chain.ts";
import { profileRegion } from "./src/aws/profile.ts";
import { type Bedrock, createBedrock, type OpenAIProvider } from "./src/bedrock.ts";

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
  EndpointOptions,
  Explanation,
  Fetch,
  OpenAIProvider,
  PassedOver,
  PathPrefix,
  Route,
  RuntimeOptions,
  Sourced,
} from "./mod.ts";
export {
  BedrockError,
  CONTROL_PATHS,
  CONTROL_PREFIX,
  DEFAULT_PREFIX,
  MODEL_ROUTES,
  MODEL_ROUTES_AS_OF,
  SERVED_REGIONS,
  SERVED_REGIONS_AS_OF,
} from "./mod.ts";
export type { ProfileOptions } from "./src/auth.ts";

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
  return createBedrock(options, { chain: credentialChain, profileRegion });
}
