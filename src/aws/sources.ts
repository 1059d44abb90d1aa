import type { SkippedSource } from "../errors.ts";
import type { Environment } from "../platform/environment.ts";
import type { Profile, Settings } from "./files.ts";

/** How a profile gets its credentials, in the words of the AWS files. */
export type ProfileKind =
  | "assumed role"
  | "static keys"
  | "web identity"
  | "credential_process"
  | "SSO"
  | "aws login";

/** The sources of AWS's chain, in its order. */
export const SOURCES = [
  "environment",
  "profile",
  "web identity",
  "container",
  "instance metadata",
] as const;

/** The name of a source. */
export type SourceName = typeof SOURCES[number];

/** The source that AWS's chain will turn to first, and those that it has no reason to try. */
export interface Route {
  readonly first: SourceName | undefined;
  readonly kind: ProfileKind | undefined;
  readonly skipped: readonly SkippedSource[];
}

/** Follows AWS's chain through what is set, without asking any source. */
export function planRoute(profile: Profile, env: Environment): Route {
  const kind = profileKind(profile.settings);
  const reasons: Readonly<Record<SourceName, string | undefined>> = {
    "environment": whyNoEnvironment(profile, env),
    "profile": kind ? undefined : whyNoProfile(profile),
    "web identity": env.getPath("AWS_WEB_IDENTITY_TOKEN_FILE") && env.get("AWS_ROLE_ARN")
      ? undefined
      : "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not both set",
    "container": env.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
        env.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
      ? undefined
      : "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set",
    "instance metadata": isMetadataDisabled(env) ? "AWS_EC2_METADATA_DISABLED is set" : undefined,
  };
  return {
    first: SOURCES.find((source) => reasons[source] === undefined),
    kind,
    skipped: SOURCES.flatMap((source) => {
      const reason = reasons[source];
      return reason === undefined ? [] : [{ source, reason }];
    }),
  };
}

/** Finds the first kind that fits, in the order in which AWS's package looks (`resolveProfileData`). */
export function profileKind(settings: Settings | undefined): ProfileKind | undefined {
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

function whyNoEnvironment({ source, label }: Profile, env: Environment): string | undefined {
  if (source !== "the default") return `the profile ${label} is selected by ${source}`;
  return env.get("AWS_ACCESS_KEY_ID") && env.get("AWS_SECRET_ACCESS_KEY")
    ? undefined
    : "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set";
}

function whyNoProfile({ label, settings }: Profile): string {
  return settings
    ? `the profile ${label} has no usable credentials`
    : `there is no profile ${label} in the AWS files`;
}

function isMetadataDisabled(env: Environment): boolean {
  const value = env.get("AWS_EC2_METADATA_DISABLED");
  return value !== undefined && value !== "false";
}

/** Where credentials come from, as far as they say. */
export interface Origin {
  readonly source: SourceName;
  /** How the profile got them. */
  readonly how: string | undefined;
}

/**
 * What AWS's credentials say in `$source` about where they come from, most telling first
 * (`AwsSdkCredentialsFeatures` of `@aws-sdk/types`).
 */
const FEATURES: readonly (readonly [feature: string, origin: Origin])[] = [
  ["CREDENTIALS_PROFILE_SSO", ofProfile("SSO session")],
  ["CREDENTIALS_PROFILE_SSO_LEGACY", ofProfile("SSO")],
  ["CREDENTIALS_PROFILE_PROCESS", ofProfile("credential_process")],
  ["CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN", ofProfile("web identity")],
  ["CREDENTIALS_PROFILE_SOURCE_PROFILE", ofProfile("assumed role")],
  ["CREDENTIALS_PROFILE_LOGIN", ofProfile("aws login")],
  ["CREDENTIALS_PROFILE", ofProfile("static keys")],
  ["CREDENTIALS_PROCESS", ofProfile("credential_process")],
  ["CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN", { source: "web identity", how: undefined }],
  ["CREDENTIALS_ENV_VARS", { source: "environment", how: undefined }],
  ["CREDENTIALS_HTTP", { source: "container", how: undefined }],
];

/** Finds where credentials of AWS's chain come from; `undefined` if they do not say. */
export function findOrigin(credentials: unknown): Origin | undefined {
  const { $source = {} } = (credentials ?? {}) as { $source?: object };
  return FEATURES.find(([feature]) => Object.hasOwn($source, feature))?.[1];
}

function ofProfile(how: string): Origin {
  return { source: "profile", how };
}
