import type { Settings } from "./files.ts";

/** The way a profile gets its credentials, in the terms of the AWS files. */
export type ProfileKind =
  | "assumed role"
  | "static keys"
  | "web identity"
  | "credential_process"
  | "SSO"
  | "SSO session"
  | "aws login";

/** Finds the first kind that fits, in the order in which AWS's package looks (`resolveProfileData`). */
export function profileKind(settings: Settings | undefined): ProfileKind | undefined {
  const has = (...names: string[]) => names.every((name) => settings?.has(name));
  if (has("role_arn") && has("source_profile") !== has("credential_source")) return "assumed role";
  if (has("aws_access_key_id", "aws_secret_access_key")) return "static keys";
  if (has("web_identity_token_file", "role_arn")) return "web identity";
  if (has("credential_process")) return "credential_process";
  if (has("sso_session")) return "SSO session";
  if (SSO_SETTINGS.some((name) => has(name))) return "SSO";
  return has("login_session") ? "aws login" : undefined;
}

const SSO_SETTINGS = ["sso_start_url", "sso_account_id", "sso_region", "sso_role_name"];
