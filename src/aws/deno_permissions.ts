import { dnsSuffixes } from "../endpoint/hosts.ts";
import { type Environment, isPermitted, type Permission } from "../platform/environment.ts";
import { type AwsFiles, pathInHome, type Profile, sharedFilePath } from "./files.ts";
import type { RoleChain } from "./role_chain.ts";
import { profileKind, type Route } from "./sources.ts";

/** A permission of Deno, and the flag that gives it. */
interface Need {
  readonly flag: string;
  readonly permissions: readonly Permission[];
}

/** What decides on a lookup. */
export interface LookupPlace {
  readonly env: Environment;
  /** Where requests are signed for. */
  readonly region: string | undefined;
  readonly files: AwsFiles;
  /** How the selected profile gets its credentials. */
  readonly roles: RoleChain;
}

/**
 * Lists the flags that Deno lacks for a source of credentials. Queried beforehand: AWS's packages would
 * make Deno prompt for them, or swallow the refusal.
 */
export function missingFlags(route: Route, profile: Profile, place: LookupPlace): string[] {
  const needs = [...baseNeeds(place.env), ...sourceNeeds(route, profile, place)];
  const missing = needs.filter(({ permissions }) =>
    !permissions.every((each) => isPermitted(each))
  );
  return merged(missing.map(({ flag }) => flag));
}

/** The variables that AWS's packages read by name, as `--allow-env` takes them. */
const VARIABLES = ["AWS_*", "HOME", "USERPROFILE", "HOMEPATH", "HOMEDRIVE"];

function baseNeeds(env: Environment): Need[] {
  const files = [
    sharedFilePath(env, "AWS_CONFIG_FILE"),
    sharedFilePath(env, "AWS_SHARED_CREDENTIALS_FILE"),
  ];
  return [variables(VARIABLES), ...files.flatMap((path) => path ? [reading(path)] : [])];
}

function sourceNeeds({ first }: Route, profile: Profile, place: LookupPlace): Need[] {
  const { env } = place;
  switch (first) {
    case "profile":
      return chainNeeds(place);
    case "web identity":
      return [...ofSts(place, profile), reading(env.getPath("AWS_WEB_IDENTITY_TOKEN_FILE")!)];
    case "container":
      return ofContainer(env);
    case "instance metadata":
      return ofInstance(env, profile.settings);
    default:
      return [];
  }
}

/** What the roles of a chain need, and what the credentials need that they begin with. */
function chainNeeds(place: LookupPlace): Need[] {
  const { roles, origin } = place.roles;
  return [
    ...roles.flatMap((role) => ofSts(place, role)),
    ...(origin ? profileNeeds(origin, place) : ofCredentialSource(roles.at(-1), place)),
  ];
}

function profileNeeds(profile: Pick<Profile, "settings">, place: LookupPlace): Need[] {
  const { env } = place;
  switch (profileKind(profile.settings)) {
    case "web identity":
      return [...ofSts(place, profile), reading(profile.settings!.get("web_identity_token_file")!)];
    case "credential_process":
      // The process is given all variables, so that none may be hidden
      return [need("--allow-env", { name: "env" }), running(env.get("ComSpec") ?? "/bin/sh")];
    case "SSO":
      return ofSso(profile, place);
    default:
      return [];
  }
}

/** What a role needs that takes its credentials from elsewhere than a profile. */
function ofCredentialSource(
  role: Pick<Profile, "settings"> | undefined,
  { env }: LookupPlace,
): Need[] {
  const credentialSource = role?.settings?.get("credential_source");
  if (credentialSource === "EcsContainer") return ofContainer(env);
  return credentialSource === "Ec2InstanceMetadata" ? ofInstance(env, role?.settings) : [];
}

function ofSts({ env, region }: LookupPlace, { settings }: Pick<Profile, "settings">): Need[] {
  const where = settings?.get("region") ?? region ?? "us-east-1";
  return [...OF_CLIENTS, ...reachingService("STS", "sts", where, settings, env)];
}

/**
 * Where the config file moves a service, or variables ask for another kind of host, AWS's packages
 * know where it is, and Deno reports itself what it denies.
 */
function reachingService(
  service: "STS" | "SSO" | "SSO_OIDC",
  name: string,
  region: string | undefined,
  settings: Profile["settings"],
  env: Environment,
): Need[] {
  const moved = env.get(`AWS_ENDPOINT_URL_${service}`) ?? env.get("AWS_ENDPOINT_URL");
  if (moved !== undefined) return [hostOf(moved)].flatMap((host) => host ? [reaching(host)] : []);
  const isElsewhere = settings?.has("services") || settings?.has("endpoint_url") ||
    env.get("AWS_USE_FIPS_ENDPOINT") || env.get("AWS_USE_DUALSTACK_ENDPOINT");
  if (isElsewhere || region === undefined) return [];
  const [suffix] = dnsSuffixes(region);
  return [reaching(`${name}.${region}.${suffix}`)];
}

/** The region where a profile's SSO session was logged in. */
function ssoRegion(settings: Profile["settings"], files: AwsFiles): string | undefined {
  const session = settings?.get("sso_session");
  return session === undefined
    ? settings?.get("sso_region")
    : files.ssoSession(session)?.get("sso_region");
}

function ofSso({ settings }: Pick<Profile, "settings">, { env, files }: LookupPlace): Need[] {
  const region = ssoRegion(settings, files);
  const cache = pathInHome(env, ".aws/sso/cache");
  const needs = [
    ...OF_CLIENTS,
    ...reachingService("SSO", "portal.sso", region, settings, env),
    ...(cache ? [reading(cache)] : []),
  ];
  if (!settings?.has("sso_session")) return needs;
  // A login that is renewed on the way is written down, and would be lost otherwise
  return [
    ...needs,
    ...reachingService("SSO_OIDC", "oidc", region, settings, env),
    ...(cache ? [writing(cache)] : []),
  ];
}

function ofContainer(env: Environment): Need[] {
  const host = env.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    ? "169.254.170.2"
    : hostOf(env.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
  const token = env.getPath("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  return [...(host ? [reaching(host)] : []), ...(token ? [reading(token)] : [])];
}

function ofInstance(env: Environment, settings: Profile["settings"]): Need[] {
  const moved = env.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") ??
    settings?.get("ec2_metadata_service_endpoint");
  const mode = env.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") ??
    settings?.get("ec2_metadata_service_endpoint_mode");
  const host = mode === "IPv6" ? "[fd00:ec2::254]" : "169.254.169.254";
  return [reaching(hostOf(moved) ?? host)];
}

/** What AWS's clients of STS and SSO read to describe themselves. */
const OF_CLIENTS: readonly Need[] = [
  variables(["_X_AMZN_TRACE_ID"]),
  need("--allow-sys=osRelease", { name: "sys", kind: "osRelease" }),
];

function need(flag: string, ...permissions: Permission[]): Need {
  return { flag, permissions };
}

function variables(names: readonly string[]): Need {
  // A name that nothing but the whole family of names permits
  const asked = names.map((name) => name.replace("*", "ANY_OTHER"));
  return need(
    `--allow-env=${names.join()}`,
    ...asked.map((variable) => ({ name: "env", variable }) as const),
  );
}

const reading = (path: string) => need(`--allow-read=${path}`, { name: "read", path });
const writing = (path: string) => need(`--allow-write=${path}`, { name: "write", path });
const running = (command: string) => need(`--allow-run=${command}`, { name: "run", command });
const reaching = (host: string) => need(`--allow-net=${host}`, { name: "net", host });

function hostOf(url: string | undefined): string | undefined {
  return url && URL.canParse(url) ? new URL(url).host : undefined;
}

/** One flag of each kind, with all that it is to allow. */
function merged(flags: readonly string[]): string[] {
  const values = new Map<string, Set<string>>();
  for (const flag of flags) {
    const [, name = "", value] = /^([^=]*)=?(.*)$/s.exec(flag) ?? [];
    const known = values.get(name) ?? new Set();
    values.set(
      name,
      value === undefined ? new Set([""]) : known.has("") ? known : known.add(value),
    );
  }
  return [...values].map(([name, each]) => each.has("") ? name : `${name}=${[...each].join()}`);
}
