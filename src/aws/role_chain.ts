import { showUnlessKey } from "../errors.ts";
import type { AwsFiles, Profile } from "./files.ts";
import { NEEDS_MFA_CODE, SOURCE_PROFILE_CYCLE } from "./reasons.ts";
import { profileKind } from "./profile_kind.ts";

type NamedProfile = Pick<Profile, "name" | "settings">;

/** The most profiles that `source_profile` may lead through. */
const MAX_SOURCES = 10;

/** The chain by which a profile gets its credentials: by roles that are assumed one after the other. */
export interface RoleChain {
  /** The profiles whose roles are assumed, the last to be assumed first. */
  readonly roles: readonly NamedProfile[];
  /** The names that `source_profile` leads to, in order. */
  readonly sources: readonly string[];
  /** The profile that has credentials without a role; `undefined` if they are not from a profile. */
  readonly origin: NamedProfile | undefined;
  readonly isCycle: boolean;
}

/** Follows `source_profile` from a profile to its end, as AWS's package does. */
export function followRoles(profile: NamedProfile, files: AwsFiles): RoleChain {
  const roles: NamedProfile[] = [];
  const visited = new Set<string>();
  const end = (origin?: NamedProfile, isCycle = false) => {
    return { roles, sources: [...visited], origin, isCycle };
  };
  for (let each = profile;;) {
    // Keys of its own come before a role, if another profile takes its credentials from this one
    if (visited.size > 0 && hasKeys(each)) return end(each);
    if (profileKind(each.settings) !== "assumed role") return end(each);
    roles.push(each);
    const name = each.settings?.get("source_profile");
    if (name === undefined) return end();
    if (visited.has(name)) return end(undefined, true);
    visited.add(name);
    each = { name, settings: files.profile(name) };
  }
}

function hasKeys({ settings }: NamedProfile): boolean {
  return !!settings?.has("aws_access_key_id") && settings.has("aws_secret_access_key");
}

/**
 * Says why AWS's package must not follow a chain: because that takes the longer the longer it is, or
 * because a role needs an MFA code, for which there is no way to prompt.
 *
 * In the latter case the package begins to look up what the role is assumed with, and then gives up
 * without waiting: if that fails, nobody handles it, which ends a process of Node.
 */
export function whyHopeless({ roles, sources, origin, isCycle }: RoleChain): string | undefined {
  if (isCycle) return SOURCE_PROFILE_CYCLE;
  const beyond = sources[MAX_SOURCES];
  if (beyond !== undefined) {
    return `its source_profile leads through more than ${MAX_SOURCES} profiles, to ${beyond} and ` +
      "beyond. Shorten the chain";
  }
  if (roles.some(({ settings }) => settings?.get("mfa_serial"))) return NEEDS_MFA_CODE;
  const isSource = origin && sources.includes(origin.name) && !profileKind(origin.settings);
  if (!isSource) return undefined;
  const name = showUnlessKey(origin.name);
  return origin.settings
    ? `its source_profile ${name} has no credentials`
    : `its source_profile ${name} does not exist`;
}
