import type { Environment } from "../environment.ts";
import type { PassedOver } from "../errors.ts";
import type { Profile } from "./profile.ts";

/** What a profile says of where its credentials come from, in the words of the AWS files. */
export type ProfileKind =
  | "assumed role"
  | "static keys"
  | "web identity"
  | "credential_process"
  | "SSO"
  | "aws login";

/** The sources that AWS's chain asks, in its order. */
export type SourceName =
  | "environment"
  | "profile"
  | "web identity"
  | "container"
  | "instance metadata";

/** The source that AWS's chain will turn to first, and those that it has no reason to ask. */
export interface Route {
  readonly first: SourceName | undefined;
  readonly kind: ProfileKind | undefined;
  readonly passedOver: readonly PassedOver[];
}

/** Follows AWS's chain through what is set, without asking any source. */
export function route(profile: Profile, env: Environment): Route {
  const kind = profileKind(profile);
  const missing: Readonly<Record<SourceName, string | undefined>> = {
    "environment": whyNoEnvironment(profile, env),
    "profile": kind ? undefined : whyNoProfile(profile),
    "web identity": env.get("AWS_WEB_IDENTITY_TOKEN_FILE") && env.get("AWS_ROLE_ARN")
      ? undefined
      : "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not both set",
    "container": env.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
        env.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
      ? undefined
      : "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set",
    "instance metadata": metadataDisabled(env) ? "AWS_EC2_METADATA_DISABLED is set" : undefined,
  };
  const sources = Object.entries(missing) as [SourceName, string | undefined][];
  return {
    first: sources.find(([, reason]) => reason === undefined)?.[0],
    kind,
    passedOver: sources.flatMap(([source, reason]) => reason ? [{ source, reason }] : []),
  };
}

/** The first kind that fits, in the order in which AWS's packages look (`resolveProfileData`). */
export function profileKind({ settings }: Pick<Profile, "settings">): ProfileKind | undefined {
  const has = (...names: string[]) => names.every((name) => settings?.has(name));
  if (has("role_arn") && has("source_profile") !== has("credential_source")) return "assumed role";
  if (has("aws_access_key_id", "aws_secret_access_key")) return "static keys";
  if (has("web_identity_token_file", "role_arn")) return "web identity";
  if (has("credential_process")) return "credential_process";
  if (SSO_SETTINGS.some((name) => has(name))) return "SSO";
  return has("login_session") ? "aws login" : undefined;
}

const SSO_SETTINGS = [
  "sso_start_url",
  "sso_account_id",
  "sso_session",
  "sso_region",
  "sso_role_name",
];

function whyNoEnvironment({ source, name }: Profile, env: Environment): string | undefined {
  if (source !== "the default") return `the profile ${name} is selected by ${source}`;
  return env.get("AWS_ACCESS_KEY_ID") && env.get("AWS_SECRET_ACCESS_KEY")
    ? undefined
    : "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set";
}

function whyNoProfile({ name, settings }: Profile): string {
  return settings
    ? `the profile ${name} says nothing of credentials`
    : `there is no profile ${name} in the AWS files`;
}

function metadataDisabled(env: Environment): boolean {
  const value = env.get("AWS_EC2_METADATA_DISABLED");
  return value !== undefined && value !== "false";
}
