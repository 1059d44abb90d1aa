import { reuseUntilExpiry } from "../credential_reuse.ts";
import { credentialIdentity, type FoundIdentity, type ResolveIdentity } from "../credentials.ts";
import type { Environment } from "../environment.ts";
import { BedrockError, type PassedOver } from "../errors.ts";
import { REAL_WORLD, type World } from "../world.ts";
import { filesOfSources } from "./files.ts";
import { missingFlags, type Place } from "./needs.ts";
import { type Profile, readProfiles, selectedProfile } from "./profile.ts";
import { listen, type Logger, meaning, NEEDS_MFA_CODE } from "./reasons.ts";
import { refuseEndless } from "./regular_file.ts";
import { sharedFile } from "./shared_files.ts";
import { needsMfaCode, type SourceChain, sourceChain, whyTooLong } from "./source_chain.ts";
import { originOf } from "./source_features.ts";
import { type Route, route, type SourceName } from "./sources.ts";

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

/** What AWS's chain is told of the client that it looks credentials up for. */
interface CallerProperties {
  callerClientConfig?: { region: () => Promise<string> };
}

/** The specifier is a literal, so that bundlers and Deno can trace it; it loads on first use only. */
const importPackage = (): Promise<CredentialProviderNode> =>
  import("@aws-sdk/credential-provider-node");

/**
 * The standard AWS credential chain of `@aws-sdk/credential-provider-node`, for one profile or all.
 *
 * A profile that is asked for by name must itself yield the credentials: the role of a machine
 * never stands in for it.
 */
export function credentialChain(
  profile: string | undefined,
  env: Environment,
  world: World = REAL_WORLD,
  load: () => Promise<CredentialProviderNode> = importPackage,
): ResolveIdentity {
  const lookUp: ResolveIdentity = async ({ region } = {}): Promise<FoundIdentity> => {
    const lookUp = readProfiles(env);
    const selected = selectedProfile(profile, env, lookUp);
    const planned = route(selected, env);
    const chain = sourceChain(selected, lookUp);
    refuseHopeless(selected, planned, { env, region, chain });
    for (const path of filesOfSources(chain, env)) refuseEndless(path);
    const { defaultProvider } = await load().catch(packageUnusable);
    const { logger, failures, asked } = listen();
    const resolve = defaultProvider(chainInit(profile, env, logger));
    const caller = region === undefined
      ? {}
      : { callerClientConfig: { region: async () => region } };
    const found = await resolve(caller).catch((error) =>
      nothingFound(inOrder(selected, withFailures(planned, failures(), error)))
    );
    // An instance's credentials do not say that they are
    const { source = asked(), how } = originOf(found) ?? {};
    const tried = withFailures(planned, failures());
    if (profile !== undefined && source !== "profile") nothingFound(inOrder(selected, tried));
    return Object.freeze({
      ...credentialIdentity(found, "the AWS chain"),
      foundIn: how ? `profile ${selected.name}: ${how}` : source,
      passedOver: inOrder(selected, tried, source),
    });
  };
  return reuseUntilExpiry(lookUp, world);
}

/** Refuses what would lead nowhere, before AWS's package is loaded or Deno can prompt. */
function refuseHopeless(profile: Profile, planned: Route, place: Place): void {
  const { env, chain } = place;
  const hopeless = planned.first === "profile" && whyHopeless(chain);
  if (hopeless) {
    const failure = { source: "profile", reason: hopeless };
    nothingFound(inOrder(profile, [...planned.passedOver, failure]));
  }
  const flags = missingFlags(planned, profile, place);
  if (flags.length) {
    throw new BedrockError(
      "permission_missing",
      `Deno withholds what ${planned.first ?? "the AWS credential chain"} needs. Add ` +
        `${flags.join(" ")}, or pass credentials as options`,
    );
  }
  const named = profile.source === "`profile`" && planned.kind === undefined;
  // AWS's package asks the process for what an `env` of the user's own does not have
  if (named || (planned.first === undefined && !env.ofProcess)) {
    nothingFound(inOrder(profile, planned.passedOver));
  }
}

function whyHopeless(chain: SourceChain): string | undefined {
  return whyTooLong(chain) ?? (needsMfaCode(chain) ? NEEDS_MFA_CODE : undefined);
}

/**
 * AWS's package reads the process's variables itself. Where `env` stands for them, a named profile,
 * files and blank values keep it from those; the roles of a container or an instance are left to
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
    filepath: sharedFile(env, "AWS_SHARED_CREDENTIALS_FILE"),
    configFilepath: sharedFile(env, "AWS_CONFIG_FILE"),
    webIdentityTokenFile: env.get("AWS_WEB_IDENTITY_TOKEN_FILE") ?? "",
    roleArn: env.get("AWS_ROLE_ARN") ?? "",
    roleSessionName: env.get("AWS_ROLE_SESSION_NAME") ?? "",
  };
}

/** Adds the sources that were asked in vain; the one that ended the chain said so by its error. */
function withFailures(
  { first, passedOver }: Route,
  failures: readonly PassedOver[],
  error?: Error,
): readonly PassedOver[] {
  const known = [...passedOver, ...failures];
  if (!error || !first || known.some(({ source }) => source === first)) return known;
  const reason = meaning(`${error.name} ${error.message}`) ?? unexplained(first);
  return [...known, { source: first, reason }];
}

/** AWS's package keeps to itself what an endpoint has answered, or that there is none. */
function unexplained(source: SourceName): string {
  if (source === "container") return "its endpoint gave no credentials";
  return source === "instance metadata"
    ? "no metadata service answered, or this machine has no role"
    : "it failed";
}

const ORDER = ["environment", "profile", "web identity", "container", "instance metadata"] as const;

/** The sources in the order of the chain, up to the one that gave credentials, each once. */
function inOrder(
  { name, source: selectedBy }: Profile,
  tried: readonly PassedOver[],
  found?: SourceName,
): readonly PassedOver[] {
  const asked = selectedBy === "`profile`" ? ["profile"] : ORDER;
  const before = found === undefined ? asked : asked.slice(0, asked.indexOf(found));
  return before.flatMap((each) => {
    const reason = tried.find(({ source }) => source === each)?.reason;
    if (reason === undefined) return [];
    if (each !== "profile") return [{ source: each, reason }];
    const command = reason.replace(/Run: aws (?:sso )?login$/, `$& --profile ${name}`);
    return [{ source: `profile ${name}`, reason: command }];
  });
}

function nothingFound(tried: readonly PassedOver[]): never {
  const list = tried.map(({ source, reason }) => `${source} (${reason})`).join(", ");
  const withheld = list.includes("Deno withholds");
  throw new BedrockError(
    withheld ? "permission_missing" : "credentials_failed",
    `No AWS credentials were found. Tried ${list}. Mend one of these, or pass credentials as ` +
      "options",
    { tried },
  );
}

function packageUnusable(cause: unknown): never {
  const { name, message } = (cause ?? {}) as Partial<Error>;
  if (name === "NotCapable") {
    throw new BedrockError(
      "permission_missing",
      "Cannot load @aws-sdk/credential-provider-node. " +
        (meaning(`${message}`) ?? "Deno withholds a permission. Add --allow-env"),
      { cause },
    );
  }
  throw new BedrockError(
    "aws_package_missing",
    "Cannot load @aws-sdk/credential-provider-node, which the AWS credential chain needs. " +
      "Install it, for example with: npm install @aws-sdk/credential-provider-node",
    { cause },
  );
}
