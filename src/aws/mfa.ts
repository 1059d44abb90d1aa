import type { Environment } from "../environment.ts";
import { type Profile, profileSettings } from "./profile.ts";
import { profileKind } from "./sources.ts";

/**
 * Whether a role on the way to a profile's credentials needs a code of an MFA device, which nobody
 * can be asked for here.
 *
 * AWS's package begins to look up what such a role is assumed with, and then gives up without
 * waiting: should that fail, nobody handles it, which ends a process of Node.
 */
export function needsMfaCode(
  { settings }: Pick<Profile, "settings">,
  env: Environment,
  visited: readonly string[] = [],
): boolean {
  if (profileKind({ settings }) !== "assumed role") return false;
  if (settings?.get("mfa_serial")) return true;
  const name = settings?.get("source_profile");
  if (name === undefined || visited.includes(name)) return false;
  const source = profileSettings(name, env);
  // Keys of its own come before a role, where another profile takes from this one
  const hasKeys = source?.has("aws_access_key_id") && source.has("aws_secret_access_key");
  return !hasKeys && needsMfaCode({ settings: source }, env, [...visited, name]);
}
