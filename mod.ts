/**
 * Points the OpenAI client, or any other `fetch`-based client, at Amazon Bedrock.
 *
 * This entry has no dependencies at run time and runs wherever `fetch` and Web Crypto do. It
 * authenticates with a Bedrock API key, or with AWS keys from options or variables by Signature
 * Version 4. For profiles, SSO, roles and the rest of the AWS credential chain, import `bedrock`
 * from `@mantle/bedrock/aws`.
 *
 * @example With the OpenAI client
 * ```ts
 * import OpenAI from "openai";
 * import { bedrock } from "@mantle/bedrock";
 *
 * const client = new OpenAI({
 *   provider: bedrock({ region: "us-west-2", apiKey: "bedrock-api-key-example" }),
 * });
 * ```
 *
 * @module
 */
import type { OneWay } from "./src/auth_options.ts";
import { type Bedrock, createBedrock, type OpenAIProvider } from "./src/bedrock.ts";
import type { CallbackProperties } from "./src/callback.ts";
import type { EndpointOptions } from "./src/endpoint.ts";
import { type MintOptions, planMinting } from "./src/keys/minting.ts";
import type { ShortTermKey } from "./src/keys/short_term.ts";
import type { RuntimeOptions } from "./src/runtime_options.ts";

export type {
  Alone,
  AuthOptions,
  AwsKeyOptions,
  BearerOptions,
  OneSigningWay,
  OneWay,
  ProfileOptions,
} from "./src/auth_options.ts";
export type { Bedrock, OpenAIProvider, ProviderOf } from "./src/bedrock.ts";
export type { BaseURLOptions } from "./src/base_url.ts";
export type { BodyOptions } from "./src/body.ts";
export type { CallbackProperties } from "./src/callback.ts";
export type { AwsCredentialIdentity, AwsCredentialsProvider } from "./src/credentials.ts";
export type { EndpointOptions } from "./src/endpoint.ts";
export { BedrockError } from "./src/errors.ts";
export type { BedrockErrorCode, PassedOver } from "./src/errors.ts";
export type { Explanation } from "./src/explain.ts";
export type { Fetch } from "./src/fetch.ts";
export type { BedrockEndpoint } from "./src/host.ts";
export { decodeKey } from "./src/keys/decode.ts";
export type { DecodedKey } from "./src/keys/decode.ts";
export type { MintingOptions, MintOptions } from "./src/keys/minting.ts";
export type { ShortTermKey } from "./src/keys/short_term.ts";
export type { Sourced } from "./src/region.ts";
export type { PathPrefix, Route } from "./src/routes.ts";
export type { RuntimeOptions } from "./src/runtime_options.ts";

/** Where to send requests, and at most one explicit way to authenticate them. */
export type BedrockProviderOptions = EndpointOptions & RuntimeOptions & OneWay;

/**
 * Configures a way to Bedrock with a bearer token or AWS keys.
 *
 * Without an explicit mode it takes `AWS_BEARER_TOKEN_BEDROCK`, then `AWS_ACCESS_KEY_ID` with
 * `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. Everything is decided here, synchronously;
 * credentials themselves are resolved for every attempt.
 *
 * @param options Where to send requests and how to authenticate them.
 * @returns A provider, which is also a set of client options and carries `url` and `fetch`.
 * @throws {BedrockError} `option_invalid`, `auth_conflict`, `credentials_incomplete`,
 * `credentials_invalid`, `credentials_missing`, `region_missing`, `region_invalid`,
 * `base_url_invalid`, `base_url_mismatch` or `endpoint_required` here; `credentials_failed`,
 * `credentials_timeout`, `credentials_invalid`, `credentials_missing`, `permission_missing`,
 * `region_mismatch`, `origin_mismatch`, `authorization_conflict`, `body_not_replayable` or
 * `web_crypto_missing` when a request is made
 *
 * @example Any client that takes a `fetch`
 * ```ts
 * import assert from "node:assert/strict";
 * import { bedrock } from "@mantle/bedrock";
 *
 * const mantle = bedrock({
 *   region: "us-west-2",
 *   accessKeyId: "AKIDEXAMPLE",
 *   secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
 *   fetch: async (_url, init) => Response.json(Object.fromEntries(new Headers(init?.headers))),
 * });
 * const response = await mantle.fetch(`${mantle.url}/responses`, { method: "POST", body: "{}" });
 * const { authorization } = await response.json();
 * assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/.*\/bedrock-mantle\//);
 * ```
 */
export function bedrock<Provider = OpenAIProvider>(
  options: BedrockProviderOptions = {},
): Bedrock<Provider> {
  return createBedrock(options);
}

/**
 * Mints a short-term Bedrock API key from AWS keys, without a request.
 *
 * Where none are given it takes `AWS_ACCESS_KEY_ID` with `AWS_SECRET_ACCESS_KEY` and
 * `AWS_SESSION_TOKEN`.
 *
 * @param options Whose key is minted, for which region and how long.
 * @returns The key, its region and its end.
 * @throws {BedrockError} `option_invalid`, `auth_conflict`, `credentials_incomplete`,
 * `credentials_invalid`, `credentials_missing`, `credentials_failed`, `credentials_timeout`,
 * `permission_missing`, `region_missing`, `region_invalid` or `web_crypto_missing`
 *
 * @example A key for fifteen minutes
 * ```ts
 * import assert from "node:assert/strict";
 * import { mintKey } from "@mantle/bedrock";
 *
 * const { key, expiration } = await mintKey({
 *   region: "us-west-2",
 *   accessKeyId: "AKIDEXAMPLE",
 *   secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
 *   expiresInSeconds: 900,
 * });
 * assert.ok(key.startsWith("bedrock-api-key-"));
 * assert.ok(expiration.getTime() <= Date.now() + 900_000);
 * ```
 */
export async function mintKey(options: MintOptions = {}): Promise<ShortTermKey> {
  return await planMinting(options).mintKey();
}

/**
 * Makes what the option `tokenProvider` takes: it mints short-term keys and reuses each until five
 * minutes before it ends, or until the credentials change.
 *
 * Credentials are asked for every time; where that fails, a key that is still good is used on.
 *
 * @param options Whose keys are minted, for which region and how long.
 * @returns A callback that resolves a key.
 * @throws {BedrockError} with the codes of {@link mintKey}: what concerns options here, the rest
 * when a key is asked for
 *
 * @example With the OpenAI client
 * ```ts
 * import OpenAI from "openai";
 * import { bedrock, tokenProvider } from "@mantle/bedrock";
 *
 * const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
 * const region = "us-west-2";
 * const provider = bedrock({ region, tokenProvider: tokenProvider({ region, ...keys }) });
 * const client = new OpenAI({ provider });
 * ```
 */
export function tokenProvider(
  options: MintOptions = {},
): (properties?: CallbackProperties) => Promise<string> {
  return planMinting(options).token;
}
