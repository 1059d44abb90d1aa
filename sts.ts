/**
 * AWS credentials without a long-lived key and without AWS's packages: for an OpenID Connect token, for
 * another role, or for a Cognito identity.
 *
 * Each function returns what the option `credentialProvider` of `bedrock()` takes, and the option
 * `credentials` of AWS's own clients. It has no dependencies and runs wherever `fetch` does; what it
 * returns is reused until shortly before it expires.
 *
 * @example A role for the token of a GitHub Actions job
 * ```ts
 * import { bedrock } from "@mantle/bedrock";
 * import { githubActions, webIdentity } from "@mantle/bedrock/sts";
 *
 * const credentialProvider = webIdentity({
 *   region: "us-west-2",
 *   roleArn: "arn:aws:iam::123456789012:role/bedrock",
 *   token: githubActions(),
 * });
 * const { fetch, url } = bedrock({ region: "us-west-2", credentialProvider });
 * ```
 *
 * @module
 */
import { createAssumeRole } from "./src/sts/assume_role.ts";
import { createCognitoIdentity } from "./src/sts/cognito_identity.ts";
import type {
  AssumeRoleOptions,
  CognitoIdentityOptions,
  WebIdentityOptions,
} from "./src/sts/options.ts";
import type { CredentialProvider } from "./src/sts/provider.ts";
import {
  type AudienceOptions,
  type AzureOptions,
  createAzure,
  createGithubActions,
  createGoogleCloud,
  createTokenFile,
  createVercel,
  type GoogleCloudOptions,
  type TokenFileOptions,
  type TokenSource,
  type VercelOptions,
} from "./src/sts/tokens/sources.ts";
import { createWebIdentity } from "./src/sts/web_identity.ts";

export { BedrockError } from "./src/errors.ts";
export type { BedrockErrorCode, ServiceRefusal, SkippedSource } from "./src/errors.ts";
export type {
  AwsCredentialIdentity,
  AwsCredentialsProvider,
  CallbackProperties,
  Fetch,
} from "./src/options.ts";
export type {
  AssumeRoleOptions,
  CognitoIdentityOptions,
  CredentialServiceOptions,
  RoleOptions,
  WebIdentityOptions,
  WebIdentityTokenProvider,
} from "./src/sts/options.ts";
export type { CredentialProvider } from "./src/sts/provider.ts";
export type {
  AudienceOptions,
  AzureOptions,
  GoogleCloudOptions,
  TokenFileOptions,
  TokenSource,
  TokenSourceOptions,
  VercelOptions,
} from "./src/sts/tokens/sources.ts";

/**
 * Assumes a role with an OpenID Connect token, by one request to STS that is not signed.
 *
 * @param options Which role, with which token, and where STS is.
 * @returns A provider of the session's credentials.
 * @throws {BedrockError} `option_invalid`, `region_missing` or `region_invalid` here;
 * `credentials_failed`, `credentials_invalid`, `credentials_timeout`, `base_url_invalid` or
 * `base_url_mismatch` when credentials are asked for. What STS said is in `refusal`.
 *
 * @example With a token of your own
 * ```ts
 * import assert from "node:assert/strict";
 * import { webIdentity } from "@mantle/bedrock/sts";
 *
 * const provide = webIdentity({
 *   region: "us-west-2",
 *   roleArn: "arn:aws:iam::123456789012:role/bedrock",
 *   token: async () => "example-token", // asked for with every session
 * });
 * const { accessKeyId, expiration } = await provide();
 * assert.match(accessKeyId, /^ASIA/);
 * assert.ok(expiration! > new Date());
 * ```
 */
export function webIdentity(options: WebIdentityOptions): CredentialProvider {
  return createWebIdentity(options);
}

/**
 * Assumes a role with AWS credentials, by a request that is signed with them.
 *
 * @param options Which role, with which credentials, and where STS is.
 * @returns A provider of the session's credentials.
 * @throws {BedrockError} with the codes of {@link webIdentity}, and `credentials_missing` when there
 * are no credentials to assume the role with
 *
 * @example A role in another account, from the role of a token
 * ```ts
 * import assert from "node:assert/strict";
 * import { assumeRole, vercel, webIdentity } from "@mantle/bedrock/sts";
 *
 * const region = "us-west-2";
 * const first = webIdentity({
 *   region,
 *   roleArn: "arn:aws:iam::123456789012:role/bedrock",
 *   token: vercel(),
 * });
 * const provide = assumeRole({
 *   region,
 *   roleArn: "arn:aws:iam::210987654321:role/other",
 *   credentials: first,
 *   externalId: "handshake",
 * });
 * assert.match((await provide()).accessKeyId, /^ASIA/);
 * ```
 */
export function assumeRole(options: AssumeRoleOptions): CredentialProvider {
  return createAssumeRole(options);
}

/**
 * Gets the credentials of an identity in a Cognito identity pool, for a user who has logged in or for a
 * guest, by two requests that are not signed. A web page may do so.
 *
 * @param options Which pool, and whose tokens.
 * @returns A provider of the identity's credentials.
 * @throws {BedrockError} with the codes of {@link webIdentity}
 *
 * @example A guest of a page
 * ```ts
 * import { bedrock } from "@mantle/bedrock";
 * import { cognitoIdentity } from "@mantle/bedrock/sts";
 *
 * const identityPoolId = "us-west-2:00000000-0000-0000-0000-000000000000";
 * const credentialProvider = cognitoIdentity({ identityPoolId });
 * const { fetch, url } = bedrock({ region: "us-west-2", credentialProvider });
 * ```
 */
export function cognitoIdentity(options: CognitoIdentityOptions): CredentialProvider {
  return createCognitoIdentity(options);
}

/**
 * Asks GitHub for the token of a job, which needs the permission `id-token: write`.
 *
 * It reads `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 *
 * @param options For whom the token is.
 * @returns What the option `token` of {@link webIdentity} takes.
 * @throws {BedrockError} `option_invalid` here; `credentials_missing`, `credentials_failed`,
 * `credentials_invalid`, `credentials_timeout` or `base_url_invalid` when a token is asked for
 *
 * @example In a job
 * ```ts
 * import { githubActions, webIdentity } from "@mantle/bedrock/sts";
 *
 * const roleArn = "arn:aws:iam::123456789012:role/bedrock";
 * const provide = webIdentity({ region: "us-west-2", roleArn, token: githubActions() });
 * console.log((await provide()).expiration);
 * ```
 */
export function githubActions(options: AudienceOptions = {}): TokenSource {
  return createGithubActions(options);
}

/**
 * Reads the token that Vercel gives a function with each request, in `x-vercel-oidc-token`, and a build
 * or a local environment in `VERCEL_OIDC_TOKEN`.
 *
 * @see https://vercel.com/docs/oidc/reference
 *
 * @param options Where the header is, if Vercel's own context does not have it.
 * @returns What the option `token` of {@link webIdentity} takes.
 * @throws {BedrockError} `option_invalid` here; `credentials_missing` or `credentials_invalid` when a
 * token is asked for
 *
 * @example In a function
 * ```ts
 * import { vercel, webIdentity } from "@mantle/bedrock/sts";
 *
 * const roleArn = "arn:aws:iam::123456789012:role/bedrock";
 * const provide = webIdentity({ region: "us-west-2", roleArn, token: vercel() });
 * console.log((await provide()).expiration);
 * ```
 */
export function vercel(options: VercelOptions = {}): TokenSource {
  return createVercel(options);
}

/**
 * Asks the metadata server of Google Cloud for a token, on Compute Engine, Cloud Run, Functions and GKE.
 *
 * `GCE_METADATA_HOST` moves the server, as it does for Google's own libraries.
 *
 * @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity
 *
 * @param options For whom the token is, and of which service account.
 * @returns What the option `token` of {@link webIdentity} takes.
 * @throws {BedrockError} with the codes of {@link githubActions}
 *
 * @example On Cloud Run
 * ```ts
 * import { googleCloud, webIdentity } from "@mantle/bedrock/sts";
 *
 * const roleArn = "arn:aws:iam::123456789012:role/bedrock";
 * const provide = webIdentity({ region: "us-west-2", roleArn, token: googleCloud() });
 * console.log((await provide()).expiration);
 * ```
 */
export function googleCloud(options: GoogleCloudOptions = {}): TokenSource {
  return createGoogleCloud(options);
}

/**
 * Asks for the token of a managed identity of Azure: on App Service, Functions and Container Apps by
 * `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`, on machines by their metadata service.
 *
 * @see https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity#rest-endpoint-reference
 * @see https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 *
 * @param options For whom the token is, and of which identity.
 * @returns What the option `token` of {@link webIdentity} takes.
 * @throws {BedrockError} with the codes of {@link githubActions}
 *
 * @example On a machine
 * ```ts
 * import { azure, webIdentity } from "@mantle/bedrock/sts";
 *
 * const roleArn = "arn:aws:iam::123456789012:role/bedrock";
 * const token = azure({ resource: "api://aws-bedrock" });
 * const provide = webIdentity({ region: "us-west-2", roleArn, token });
 * console.log((await provide()).expiration);
 * ```
 */
export function azure(options: AzureOptions): TokenSource {
  return createAzure(options);
}

/**
 * Reads a token out of a file each time, as Kubernetes (EKS, GKE, AKS) and Fly.io write it.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#serviceaccount-token-volume-projection
 * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
 * @see https://fly.io/docs/security/openid-connect/
 *
 * @param options Which file; without a path, the one that `AWS_WEB_IDENTITY_TOKEN_FILE` names.
 * @returns What the option `token` of {@link webIdentity} takes.
 * @throws {BedrockError} `option_invalid` here; `credentials_missing`, `credentials_failed`,
 * `credentials_invalid` or `permission_missing` when a token is asked for
 *
 * @example In a pod of EKS
 * ```ts
 * import { tokenFile, webIdentity } from "@mantle/bedrock/sts";
 *
 * const roleArn = "arn:aws:iam::123456789012:role/bedrock"; // or AWS_ROLE_ARN
 * const provide = webIdentity({ region: "us-west-2", roleArn, token: tokenFile() });
 * console.log((await provide()).expiration);
 * ```
 */
export function tokenFile(options: TokenFileOptions = {}): TokenSource {
  return createTokenFile(options);
}
