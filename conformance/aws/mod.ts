/**
 * AWS's credential endpoints as handlers for this machine: they check requests, and refuse what AWS
 * would refuse, in the same format.
 *
 * Each takes a `Request` and returns a `Response`. Served on this machine, they give credentials to
 * AWS's own packages.
 *
 * @example A container that gets credentials
 * ```ts
 * import assert from "node:assert/strict";
 * import { containerCredentials } from "@mantle/bedrock/aws-endpoints";
 *
 * const credentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "t" };
 * const agent = containerCredentials({ credentials });
 * const response = await agent(new Request("http://169.254.170.23/v1/credentials"));
 * assert.equal((await response.json()).AccessKeyId, "ASIAEXAMPLE");
 * ```
 *
 * @module
 */
export type { Caller, Role } from "./assume_role.ts";
export type { FederatedRole, WebIdentityTrust } from "./assume_role_with_web_identity.ts";
export { cognitoIdentity } from "./cognito_identity.ts";
export type { CognitoIdentityOptions } from "./cognito_identity.ts";
export { containerCredentials } from "./container_credentials.ts";
export type { ContainerCredentialsOptions } from "./container_credentials.ts";
export type { IdentityProvider } from "./id_token.ts";
export { instanceMetadata } from "./instance_metadata.ts";
export type { InstanceMetadataOptions } from "./instance_metadata.ts";
export type { Received } from "../mantle/exchange.ts";
export type { ObservedRequest, ServiceOptions } from "./service.ts";
export { ssoOidc } from "./sso_oidc.ts";
export type { SsoOidcOptions } from "./sso_oidc.ts";
export { ssoPortal } from "./sso_portal.ts";
export type { SsoPortalOptions } from "./sso_portal.ts";
export { sts } from "./sts.ts";
export type { StsOptions } from "./sts.ts";
export type { IssuedOptions, TemporaryCredentials } from "./temporary_credentials.ts";
export { azureIdentity, githubTokens, googleMetadata } from "./workload_tokens.ts";
export type {
  AzureIdentityOptions,
  GithubTokenOptions,
  IssueToken,
  WorkloadTokenOptions,
} from "./workload_tokens.ts";
