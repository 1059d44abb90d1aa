/**
 * The endpoints that AWS gives out credentials at, as handlers for this machine: they check what
 * they are asked, and refuse what AWS would refuse, in its shapes.
 *
 * @module
 */
export type { Caller, Role } from "./assume_role.ts";
export type { FederatedRole } from "./assume_role_with_web_identity.ts";
export { containerCredentials } from "./container_credentials.ts";
export type { ContainerCredentialsOptions } from "./container_credentials.ts";
export { instanceMetadata } from "./instance_metadata.ts";
export type { InstanceMetadataOptions } from "./instance_metadata.ts";
export type { Asked, ServiceOptions } from "./service.ts";
export { ssoOidc } from "./sso_oidc.ts";
export type { SsoOidcOptions } from "./sso_oidc.ts";
export { ssoPortal } from "./sso_portal.ts";
export type { SsoPortalOptions } from "./sso_portal.ts";
export { sts } from "./sts.ts";
export type { StsOptions } from "./sts.ts";
export type { IssuedOptions, TemporaryCredentials } from "./temporary_credentials.ts";
