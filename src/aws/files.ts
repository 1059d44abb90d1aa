import { BedrockError, showUnlessKey } from "../errors.ts";
import { type Environment, isPermitted } from "../platform/environment.ts";
import { nodeBuiltin } from "../platform/node_builtins.ts";
import { parseConfigFile, parseCredentialsFile, parseServices } from "./ini.ts";
import { assertRegularFile } from "../platform/regular_file.ts";

/** The settings of a section. */
export type Settings = ReadonlyMap<string, string>;

/** The AWS files, read once. */
export interface AwsFiles {
  /** Finds the settings of a profile; those of the credentials file win. */
  profile(name: string): Settings | undefined;
  /** Lists the names of all profiles. */
  names(): readonly string[];
  /** Tells whether the config file has a section `[name]`, which is not a profile there. */
  hasPlainSection(name: string): boolean;
  /** The same for endpoints, where those of the config file win, as in AWS's JavaScript packages. */
  endpoints(name: string): Settings | undefined;
  /** Finds the URLs of services in a `[services]` section, such as `sts.endpoint_url`. */
  services(name: string): Settings | undefined;
}

/** The profile that is selected. */
export interface Profile {
  readonly name: string;
  /** The name for messages. */
  readonly label: string;
  /** `undefined` if there is no such profile. */
  readonly settings: Settings | undefined;
  /** The settings of endpoints, of which those of the config file win. */
  readonly endpoints: Settings | undefined;
  /** The option or variable that selected it. */
  readonly source: "`profile`" | "AWS_PROFILE" | "the default";
}

/**
 * Reads the AWS files. Synchronously, as the OpenAI client needs the base URL in its constructor.
 *
 * @throws {BedrockError} `permission_missing` if a file exists and cannot be read
 */
export function readAwsFiles(env: Environment): AwsFiles {
  const text = readSharedFile(env, "AWS_CONFIG_FILE");
  const configs = parseConfigFile(text);
  const keys = parseCredentialsFile(readSharedFile(env, "AWS_SHARED_CREDENTIALS_FILE"));
  return {
    profile: (name) => merge(configs.get(name), keys.get(name)),
    endpoints: (name) => merge(keys.get(name), configs.get(name)),
    names: () => [...new Set([...configs.keys(), ...keys.keys()])],
    hasPlainSection: (name) => parseCredentialsFile(text).has(name),
    services: (name) => parseServices(text).get(name),
  };
}

/** Merges two sections, of which the second wins. */
function merge(first: Settings | undefined, second: Settings | undefined): Settings | undefined {
  return first || second ? new Map([...first ?? [], ...second ?? []]) : undefined;
}

/** Selects a profile: by the option, by `AWS_PROFILE`, otherwise the default one. */
export function selectProfile(
  option: string | undefined,
  env: Environment,
  files: AwsFiles,
): Profile {
  const fromVariable = env.get("AWS_PROFILE");
  const name = option ?? fromVariable ?? "default";
  const source = option ? "`profile`" : fromVariable ? "AWS_PROFILE" : "the default";
  return {
    name,
    label: showUnlessKey(name),
    settings: files.profile(name),
    endpoints: files.endpoints(name),
    source,
  };
}

/**
 * Reads the region of the selected profile, if it has one.
 *
 * @throws {BedrockError} `permission_missing` if a file exists and cannot be read
 */
export function profileRegion(option: string | undefined, env: Environment): string | undefined {
  return selectProfile(option, env, readAwsFiles(env)).settings?.get("region");
}

const NAMES = { AWS_CONFIG_FILE: "config", AWS_SHARED_CREDENTIALS_FILE: "credentials" } as const;

/** The variables that move the shared files of the AWS tools. */
export type SharedFile = keyof typeof NAMES;

/** Finds a shared file of the AWS tools; `undefined` if its home is hidden from Deno. */
export function sharedFilePath(env: Environment, variable: SharedFile): string | undefined {
  const path = env.getPath(variable) ?? `~/.aws/${NAMES[variable]}`;
  return path.startsWith("~/") ? pathInHome(env, path.slice(2)) : path;
}

/** Finds a path in the home folder, as AWS's packages do. */
export function pathInHome(env: Environment, path: string): string | undefined {
  const home = homeFolder(env);
  return home && (nodeBuiltin("node:path")?.join(home, path) ?? `${home}/${path}`);
}

function homeFolder(env: Environment): string | undefined {
  const home = env.getPath("HOME") ?? env.getPath("USERPROFILE");
  if (home) return home;
  const path = env.getPath("HOMEPATH");
  if (path) return `${env.getPath("HOMEDRIVE") ?? "C:\\"}${path}`;
  return isPermitted({ name: "sys", kind: "homedir" })
    ? nodeBuiltin("node:os")?.homedir()
    : undefined;
}

/** Reads a shared file; one that does not exist is empty. */
function readSharedFile(env: Environment, variable: SharedFile): string {
  const path = sharedFilePath(env, variable);
  if (path === undefined) return "";
  if (!isPermitted({ name: "read", path })) {
    const flag = `--allow-read=${path}`;
    throw unreadable(path, `Add ${flag}`, flag);
  }
  const fs = nodeBuiltin("node:fs");
  if (!fs) throw unreadable(path, "Run this where files can be read, on Node from 20.16 or 22.3");
  assertRegularFile(path);
  try {
    return fs.readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return "";
    throw unreadable(path, "Make it readable");
  }
}

function unreadable(path: string, advice: string, flag?: string): BedrockError {
  return new BedrockError(
    "permission_missing",
    `The AWS file ${path} cannot be read. ${advice}, or pass {region} and credentials`,
    { source: path, flag },
  );
}
