import type { Environment } from "../environment.ts";
import { parseConfigFile, parseCredentialsFile, parseSsoSessions } from "./ini.ts";
import { readSharedFile } from "./shared_files.ts";

/** A profile of the AWS files. */
export interface Profile {
  readonly name: string;
  /** Its settings, of which those in the credentials file count; none if there is no such profile. */
  readonly settings: ReadonlyMap<string, string> | undefined;
  /** How the profile came to be selected. */
  readonly source: "`profile`" | "AWS_PROFILE" | "the default";
}

/**
 * The profile that is selected: by the option, by `AWS_PROFILE`, or else the default one.
 *
 * @throws {BedrockError} `permission_missing` if a file exists and may not be read
 */
export function selectedProfile(
  option: string | undefined,
  env: Environment,
  lookUp: LookUpSettings = readProfiles(env),
): Profile {
  const fromVariable = env.get("AWS_PROFILE");
  const name = option ?? fromVariable ?? "default";
  const source = option ? "`profile`" : fromVariable ? "AWS_PROFILE" : "the default";
  return { name, settings: lookUp(name), source };
}

/** Gives the settings of a profile by its name, if there is one. */
export type LookUpSettings = (name: string) => Profile["settings"];

/** Reads both AWS files, and looks profiles up in them. */
export function readProfiles(env: Environment): LookUpSettings {
  const configs = parseConfigFile(readSharedFile(env, "AWS_CONFIG_FILE"));
  const keys = parseCredentialsFile(readSharedFile(env, "AWS_SHARED_CREDENTIALS_FILE"));
  return (name) => {
    const [config, credentials] = [configs.get(name), keys.get(name)];
    return config || credentials ? new Map([...config ?? [], ...credentials ?? []]) : undefined;
  };
}

/** The region where a profile's SSO session was logged in. */
export function ssoRegion(
  settings: Profile["settings"],
  env: Environment,
): string | undefined {
  const session = settings?.get("sso_session");
  if (session === undefined) return settings?.get("sso_region");
  return parseSsoSessions(readSharedFile(env, "AWS_CONFIG_FILE")).get(session)?.get("sso_region");
}

/**
 * The region of the selected profile, if it has one.
 *
 * @throws {BedrockError} `permission_missing` if a file exists and may not be read
 */
export function profileRegion(option: string | undefined, env: Environment): string | undefined {
  return selectedProfile(option, env).settings?.get("region");
}
