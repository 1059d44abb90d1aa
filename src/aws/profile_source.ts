import { type FoundIdentity, readIdentity } from "../auth/credentials.ts";
import { describeBrokenProfile } from "./broken_profile.ts";
import type { Profile } from "./files.ts";
import { type CredentialProviderNode, lookUpByPackage } from "./package.ts";
import { type ProfileKind, profileKind } from "./profile_kind.ts";
import { type CredentialSource, type LookupContext, SourceFailure } from "./source.ts";
import { assumeByTokenFile } from "./web_identity.ts";

/**
 * Creates the source of the selected profile. If it fails, only the default profile lets the chain go
 * on: a profile that somebody has named is never replaced by the role of a machine.
 *
 * @param load Loads AWS's package, which is needed for SSO, logins, processes and roles.
 */
export function profileSource(load: () => Promise<CredentialProviderNode>): CredentialSource {
  return {
    name: "profile",
    whyNot: ({ profile, files }) =>
      profileKind(profile.settings) || isMissing(profile)
        ? undefined
        : describeBrokenProfile(profile, files),
    async lookUp(context) {
      const { profile } = context;
      const kind = profileKind(profile.settings);
      if (kind === undefined) {
        throw new SourceFailure({ reason: describeBrokenProfile(profile, context.files) });
      }
      const found = await lookUpKind(kind, context, load).catch((error) => {
        const isEndOfSearch = error instanceof SourceFailure && !isDefault(profile);
        throw isEndOfSearch ? new SourceFailure(error.why) : error;
      });
      return { ...found, foundIn: `profile ${profile.label}: ${found.foundIn ?? kind}` };
    },
  };
}

async function lookUpKind(
  kind: ProfileKind,
  context: LookupContext,
  load: () => Promise<CredentialProviderNode>,
): Promise<FoundIdentity> {
  const { settings, label } = context.profile;
  if (kind === "static keys") {
    return readIdentity({
      accessKeyId: settings?.get("aws_access_key_id"),
      secretAccessKey: settings?.get("aws_secret_access_key"),
      sessionToken: settings?.get("aws_session_token"),
    }, `the profile ${label}`);
  }
  if (kind !== "web identity") return await lookUpByPackage(context, load);
  return await assumeByTokenFile({
    path: settings!.get("web_identity_token_file")!,
    roleArn: settings!.get("role_arn")!,
    sessionName: settings!.get("role_session_name"),
  }, context);
}

const isDefault = ({ name }: Profile) => name === "default";

/** Tells whether a profile that was named does not exist. */
function isMissing(profile: Profile): boolean {
  return profile.settings === undefined && !isDefault(profile);
}
