import type { SourceName } from "./sources.ts";

/** Where credentials come from, as far as they say. */
export interface Origin {
  readonly source: SourceName;
  /** How the profile came by them. */
  readonly how?: string;
}

/**
 * What AWS's credentials say in `$source` of where they come from, most telling first
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
  ["CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN", { source: "web identity" }],
  ["CREDENTIALS_ENV_VARS", { source: "environment" }],
  ["CREDENTIALS_HTTP", { source: "container" }],
];

/** Where credentials of AWS's chain come from; `undefined` if they do not say. */
export function originOf(credentials: unknown): Origin | undefined {
  const { $source = {} } = (credentials ?? {}) as { $source?: object };
  return FEATURES.find(([feature]) => Object.hasOwn($source, feature))?.[1];
}

function ofProfile(how: string): Origin {
  return { source: "profile", how };
}
