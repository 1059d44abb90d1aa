/**
 * Points the OpenAI client, or any other `fetch`-based client, at Amazon Bedrock.
 *
 * This entry has no run-time dependencies, and runs wherever `fetch` and Web Crypto exist. It
 * authenticates with a Bedrock API key, or signs with AWS keys (Signature Version 4) from options
 * or environment variables. For profiles, SSO, roles and the rest of the AWS credential chain,
 * import `bedrock` from `@mantle/bedrock/aws`.
 *
 * @example With the OpenAI client
 * ```ts
 * import OpenAI from "openai";
 * import { bedrock } from "@mantle/bedrock";
 *
 * const client = new OpenAI(bedrock({ region: "us-west-2", apiKey: "bedrock-api-key-example" }));
 * ```
 *
 * @module
 */
import { type Bedrock, createBedrock, type OpenAIProvider } from "./src/bedrock.ts";
import { planMinting } from "./src/keys/minting.ts";
import type { ShortTermKey } from "./src/keys/short_term.ts";
import type {
  CallbackProperties,
  EndpointOptions,
  MintingOptions,
  OneSigningWay,
  OneWay,
  RuntimeOptions,
} from "./src/options.ts";

export { decodeKey } from "./src/auth/api_key.ts";
export type { DecodedKey } from "./src/auth/api_key.ts";
export type { Bedrock, OpenAIProvider, ProviderOf } from "./src/bedrock.ts";
export type { Sourced } from "./src/endpoint/region.ts";
export { BedrockError } from "./src/errors.ts";
export type { BedrockErrorCode, ServiceRefusal, SkippedSource } from "./src/errors.ts";
export type { Explanation, Problem } from "./src/inspect.ts";
export type { ShortTermKey } from "./src/keys/short_term.ts";
export type {
  Alone,
  AuthOptions,
  AwsCredentialIdentity,
  AwsCredentialsProvider,
  AwsKeyOptions,
  BaseURLOptions,
  BearerOptions,
  BedrockEndpoint,
  BodyOptions,
  CallbackProperties,
  EndpointOptions,
  Fetch,
  MintingOptions,
  OneSigningWay,
  OneWay,
  PathPrefix,
  ProfileOptions,
  Route,
  RuntimeOptions,
} from "./src/options.ts";

/** The options of {@link bedrock}: the endpoint, and at most one explicit way to authenticate. */
export type BedrockProviderOptions = EndpointOptions & RuntimeOptions & OneWay;

/**
 * Configures a connection to Bedrock with a bearer token or AWS keys.
 *
 * If no credential is passed, it uses `AWS_BEARER_TOKEN_BEDROCK`, then `AWS_ACCESS_KEY_ID` with
 * `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. The endpoint and the credential source are
 * decided here, synchronously; the credential itself is looked up for every attempt of a request.
 *
 * @param options The endpoint, and at most one explicit way to authenticate.
 * @returns Client options for `new OpenAI()`, which are also a provider and have `url` and `fetch`.
 * @throws {BedrockError} `option_invalid`, `auth_conflict`, `credentials_incomplete`,
 * `credentials_invalid`, `credentials_missing`, `region_missing`, `region_invalid`,
 * `base_url_invalid`, `base_url_mismatch` or `endpoint_required` here; `credentials_failed`,
 * `credentials_timeout`, `credentials_invalid`, `credentials_missing`, `permission_missing`,
 * `region_mismatch`, `origin_mismatch`, `authorization_conflict`, `body_not_replayable` or
 * `web_crypto_missing` on a request
 *
 * @example With any client that takes a `fetch`
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

/** The options of {@link mintKey} and {@link tokenProvider}, named as in `bedrock()`. */
export type MintOptions = MintingOptions & OneSigningWay;

/**
 * Mints a short-term Bedrock API key from AWS keys, without a request.
 *
 * If no keys are passed, it uses `AWS_ACCESS_KEY_ID` with `AWS_SECRET_ACCESS_KEY` and
 * `AWS_SESSION_TOKEN`.
 *
 * @param options The AWS keys, the region and the lifetime of the API key.
 * @returns The key, its region and when it expires.
 * @throws {BedrockError} `option_invalid`, `auth_conflict`, `credentials_incomplete`,
 * `credentials_invalid`, `credentials_missing`, `credentials_failed`, `credentials_timeout`,
 * `permission_missing`, `region_missing`, `region_invalid` or `web_crypto_missing`
 *
 * @example A key that is valid for fifteen minutes
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
 * Creates a callback for the option `tokenProvider` that mints short-term keys. It reuses each key
 * until five minutes before it expires, or until the credentials change.
 *
 * It looks up the credentials on every call; if that fails, it reuses a key that is still valid.
 *
 * @param options The AWS keys, the region and the lifetime of each API key.
 * @returns A callback that resolves to a key.
 * @throws {BedrockError} with the codes of {@link mintKey}: those about options here, the rest from
 * the callback
 *
 * @example With the OpenAI client
 * ```ts
 * import OpenAI from "openai";
 * import { bedrock, tokenProvider } from "@mantle/bedrock";
 *
 * const keys = {
 *   accessKeyId: "AKIDEXAMPLE",
 *   secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
 * };
 * const region = "us-west-2";
 * const client = new OpenAI(
 *   bedrock({ region, tokenProvider: tokenProvider({ region, ...keys }) }),
 * );
 * ```
 */
export function tokenProvider(
  options: MintOptions = {},
): (properties?: CallbackProperties) => Promise<string> {
  return planMinting(options).token;
}
