import { cacheUntilExpiry } from "../auth/credential_cache.ts";
import { type FoundIdentity, readIdentity, type ResolveIdentity } from "../auth/credentials.ts";
import { BedrockError, type SkippedSource } from "../errors.ts";
import type { Environment } from "../platform/environment.ts";
import { PLATFORM, type Platform } from "../platform/platform.ts";
import { readProperty } from "../platform/read_options.ts";
import { type LookupPlace, missingFlags } from "./deno_permissions.ts";
import { type Profile, readAwsFiles, selectProfile, sharedFilePath } from "./files.ts";
import { listPackageFiles } from "./package_files.ts";
import {
  findReason,
  followChain,
  type Logger,
  renderFailure,
  type SourceFailure,
} from "./reasons.ts";
import { assertRegularFile } from "../platform/regular_file.ts";
import { followRoles, whyHopeless } from "./role_chain.ts";
import { findOrigin, planRoute, type Route, type SourceName, SOURCES } from "./sources.ts";

/** What this module uses of AWS's package. */
export interface CredentialProviderNode {
  defaultProvider(init: ChainInit): (properties: CallerProperties) => Promise<unknown>;
}

/** The options of AWS's chain that this module sets. */
interface ChainInit {
  profile?: string | undefined;
  filepath?: string | undefined;
  configFilepath?: string | undefined;
  webIdentityTokenFile?: string | undefined;
  roleArn?: string | undefined;
  roleSessionName?: string | undefined;
  /** Rereads files that another process has rotated. */
  ignoreCache: true;
  logger: Logger;
}

/** What AWS's chain is told about the client that it looks credentials up for. */
interface CallerProperties {
  callerClientConfig?: { region: () => Promise<string> };
}

/** The specifier is a literal, so that bundlers and Deno can trace it; it loads on first use only. */
const importPackage = (): Promise<CredentialProviderNode> =>
  import("@aws-sdk/credential-provider-node");

/**
 * Searches the standard AWS credential chain of `@aws-sdk/credential-provider-node`, in one profile or
 * in all sources.
 *
 * A profile that is asked for by name must itself yield the credentials: the role of a machine
 * never replaces it.
 */
export function credentialChain(
  profile: string | undefined,
  env: Environment,
  platform: Platform = PLATFORM,
  load: () => Promise<CredentialProviderNode> = importPackage,
): ResolveIdentity {
  const lookUp: ResolveIdentity = async ({ region } = {}): Promise<FoundIdentity> => {
    const files = readAwsFiles(env);
    const selected = selectProfile(profile, env, files);
    const route = planRoute(selected, env);
    const roles = followRoles(selected, files);
    assertPossible(selected, route, { env, region, files, roles });
    for (const path of listPackageFiles(roles.origin?.settings, env)) assertRegularFile(path);
    const { defaultProvider } = await load().catch(reportUnusablePackage);
    const { logger, failures, lastTried } = followChain();
    const resolve = defaultProvider(chainInit(profile, env, logger));
    const caller = region === undefined
      ? {}
      : { callerClientConfig: { region: async () => region } };
    const found = await resolve(caller).catch((error) => {
      throw nothingFound(listSkipped(selected, route, withLastFailure(route, failures(), error)));
    });
    // An instance's credentials do not say that they are
    const { source = lastTried(), how } = findOrigin(found) ??
      { source: undefined, how: undefined };
    if (profile !== undefined && source !== "profile") {
      throw nothingFound(listSkipped(selected, route, failures()));
    }
    return Object.freeze({
      ...readIdentity(found, "the AWS chain"),
      foundIn: how ? `profile ${selected.label}: ${how}` : source,
      skipped: listSkipped(selected, route, failures(), source),
    });
  };
  return cacheUntilExpiry(lookUp, platform);
}

/** Refuses what cannot succeed, before AWS's package is loaded or Deno can prompt. */
function assertPossible(profile: Profile, route: Route, place: LookupPlace): void {
  const { env, roles } = place;
  const reason = route.first === "profile" ? whyHopeless(roles) : undefined;
  if (reason !== undefined) {
    throw nothingFound(listSkipped(profile, route, [{ source: "profile", reason }]));
  }
  const flags = missingFlags(route, profile, place);
  if (flags.length) {
    const flag = flags.join(" ");
    throw new BedrockError(
      "permission_missing",
      `Deno denies what ${route.first ?? "the AWS credential chain"} needs. Add ${flag}, or pass ` +
        "credentials as options",
      { flag },
    );
  }
  const isNamed = profile.source === "`profile`" && route.kind === undefined;
  // AWS's package asks the process for what an `env` of the user's own does not have
  if (isNamed || (route.first === undefined && !env.ofProcess)) {
    throw nothingFound(listSkipped(profile, route, []));
  }
}

/**
 * Keeps AWS's package from the process's variables, which it reads by itself, if `env` replaces them: a
 * named profile, files and blank values do that. The roles of a container or an instance are left to
 * it, as they are the machine's.
 */
function chainInit(profile: string | undefined, env: Environment, logger: Logger): ChainInit {
  const { ofProcess } = env;
  const init: ChainInit = {
    profile: profile ?? env.get("AWS_PROFILE") ?? (ofProcess ? undefined : "default"),
    ignoreCache: true,
    logger,
  };
  if (ofProcess) return init;
  return {
    ...init,
    filepath: sharedFilePath(env, "AWS_SHARED_CREDENTIALS_FILE"),
    configFilepath: sharedFilePath(env, "AWS_CONFIG_FILE"),
    webIdentityTokenFile: env.getPath("AWS_WEB_IDENTITY_TOKEN_FILE") ?? "",
    roleArn: env.get("AWS_ROLE_ARN") ?? "",
    roleSessionName: env.get("AWS_ROLE_SESSION_NAME") ?? "",
  };
}

/** Adds the failure of the source that ended the chain, which reports it by its error. */
function withLastFailure(
  { first, skipped }: Route,
  failures: readonly SourceFailure[],
  error: Error,
): readonly SourceFailure[] {
  if (!first || [...skipped, ...failures].some(({ source }) => source === first)) return failures;
  const reason = findReason(`${error.name} ${error.message}`) ?? { reason: UNEXPLAINED[first] };
  return [...failures, { source: first, ...reason }];
}

/** AWS's package keeps to itself what an endpoint returned, or that there is none. */
const UNEXPLAINED: Readonly<Record<SourceName, string>> = {
  "environment": "it failed",
  "profile": "it failed",
  "web identity": "it failed",
  "container": "its endpoint gave no credentials",
  "instance metadata": "no metadata service responded, or this machine has no role",
};

/** Lists the sources before the one that gave credentials, in the order of the chain, each once. */
function listSkipped(
  { label, source: selectedBy }: Profile,
  { skipped }: Route,
  failures: readonly SourceFailure[],
  found?: SourceName,
): readonly SkippedSource[] {
  const tried = selectedBy === "`profile`" ? (["profile"] as const) : SOURCES;
  const before = tried.slice(
    0,
    found === undefined ? undefined : tried.indexOf(found as "profile"),
  );
  const known = [...skipped, ...failures] as readonly SourceFailure[];
  return before.flatMap((each) => {
    const failure = known.find(({ source }) => source === each);
    return failure === undefined ? [] : [renderFailure(failure, label)];
  });
}

function nothingFound(tried: readonly SkippedSource[]): BedrockError {
  const flag = tried.map((each) => readProperty(each, "flag") as string | undefined)
    .find((each) => each !== undefined);
  return new BedrockError(
    flag === undefined ? "credentials_failed" : "permission_missing",
    "No AWS credentials were found.{tried} Fix one of these, or pass credentials as options",
    { tried, flag },
  );
}

function reportUnusablePackage(cause: unknown): never {
  const { name, message } = (cause ?? {}) as Partial<Error>;
  if (name === "NotCapable") {
    const { reason, flag } = findReason(`${message}`, true) ??
      { reason: "Deno denies it. Add --allow-env", flag: "--allow-env" };
    throw new BedrockError(
      "permission_missing",
      `Cannot load @aws-sdk/credential-provider-node. ${reason}`,
      { cause, flag },
    );
  }
  throw new BedrockError(
    "aws_package_missing",
    "Cannot load @aws-sdk/credential-provider-node, which the AWS credential chain needs. " +
      "Install it, for example with: npm install @aws-sdk/credential-provider-node",
    { cause },
  );
}
