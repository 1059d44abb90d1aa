import type { LookUpSettings, Profile } from "./profile.ts";
import { LEADS_BACK } from "./reasons.ts";
import { profileKind } from "./sources.ts";

type NamedProfile = Pick<Profile, "name" | "settings">;

/** How many profiles a role may lead through by `source_profile`. */
const MOST_SOURCES = 10;

/** How a profile comes by its credentials: by roles that are assumed one with the other. */
export interface SourceChain {
  /** The profiles whose roles are assumed, the last of them first. */
  readonly roles: readonly NamedProfile[];
  /** The names that `source_profile` leads to, in their order. */
  readonly sources: readonly string[];
  /** The profile that has credentials without a role; none where a role's are from elsewhere. */
  readonly origin: NamedProfile | undefined;
  readonly isCycle: boolean;
}

/** Follows `source_profile` from a profile to its end, as AWS's package does. */
export function sourceChain(profile: NamedProfile, lookUp: LookUpSettings): SourceChain {
  const roles: NamedProfile[] = [];
  const visited = new Set<string>();
  const end = (origin?: NamedProfile, isCycle = false) => {
    return { roles, sources: [...visited], origin, isCycle };
  };
  for (let each = profile;;) {
    // Keys of its own come before a role, where another profile takes from this one
    if (visited.size > 0 && hasKeys(each)) return end(each);
    if (profileKind(each) !== "assumed role") return end(each);
    roles.push(each);
    const name = each.settings?.get("source_profile");
    if (name === undefined) return end();
    if (visited.has(name)) return end(undefined, true);
    visited.add(name);
    each = { name, settings: lookUp(name) };
  }
}

function hasKeys({ settings }: NamedProfile): boolean {
  return !!settings?.has("aws_access_key_id") && settings.has("aws_secret_access_key");
}

/** Why AWS's package is not to follow a chain, if so: it would take the longer, the longer it gets. */
export function whyTooLong({ sources, isCycle }: SourceChain): string | undefined {
  const beyond = sources[MOST_SOURCES];
  if (beyond === undefined) return undefined;
  if (isCycle) return LEADS_BACK;
  return `its source_profile leads through more than ${MOST_SOURCES} profiles, to ${beyond} and on. ` +
    "Shorten the chain";
}

/**
 * Whether a role of a chain needs a code of an MFA device, which nobody can be asked for here.
 *
 * AWS's package begins to look up what such a role is assumed with, and then gives up without
 * waiting: should that fail, nobody handles it, which ends a process of Node.
 */
export function needsMfaCode({ roles }: SourceChain): boolean {
  return roles.some(({ settings }) => settings?.get("mfa_serial"));
}
