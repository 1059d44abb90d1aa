/**
 * The endpoints that AWS gives out credentials at, as handlers for this machine: they check what
 * they are asked, and refuse what AWS would refuse, in its shapes.
 *
 * Each takes a `Request` and gives a `Response`; served on this machine, AWS's own packages find
 * their credentials there.
 *
 * @example A container that gets credentials
 * ```ts
 * import assert from "node:assert/strict";
 * import { containerCredentials } from "@mantle/bedrock/aws-endpoints";
 *
 * const credentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "t" };
 * const agent = containerCredentials({ credentials });
 * const answer = await agent(new Request("http://169.254.170.23/v1/credentials"));
 * assert.equal((await answer.json()).AccessKeyId, "ASIAEXAMPLE");
 * ```
 *
 * @module
 */
export type { Caller, Role } from "./assume_role.ts";
export type { FederatedRole } from "./assume_role_with_web_identity.ts";
export { containerCredentials } from "./container_credentials.ts";
export type { ContainerCredentialsOptions } from "./container_credentials.ts";
export { instanceMetadata } from "./instance_metadata.ts";
export type { InstanceMetadataOptions } from "./instance_metadata.ts";
export type { Received } from "../mantle/exchange.ts";
export type { Asked, ServiceOptions } from "./service.ts";
export { ssoOidc } from "./sso_oidc.ts";
export type { SsoOidcOptions } from "./sso_oidc.ts";
export { ssoPortal } from "./sso_portal.ts";
export type { SsoPortalOptions } from "./sso_portal.ts";
export { sts } from "./sts.ts";
export type { StsOptions } from "./sts.ts";
export type { IssuedOptions, TemporaryCredentials } from "./temporary_credentials.ts";
