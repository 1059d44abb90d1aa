import { type FoundIdentity, readIdentity } from "../auth/credentials.ts";
import { BedrockError, showUnlessKey } from "../errors.ts";
import { type Environment, readEnvironment } from "../platform/environment.ts";
import { assertRegularFile } from "../platform/regular_file.ts";
import { pathInHome, sharedFilePath } from "./files.ts";
import { listPackageFiles } from "./package_files.ts";
import { assertVariablesPermitted, CHAIN_VARIABLES } from "./permitted_variables.ts";
import { profileKind } from "./profile_kind.ts";
import { findReason, followChain, LeftProfile, type Logger, type Reason } from "./reasons.ts";
import { followRoles, type RoleChain, whyHopeless } from "./role_chain.ts";
import { type LookupContext, SourceFailure } from "./source.ts";

/** The part of AWS's package that this module uses. */
export interface CredentialProviderNode {
  defaultProvider(init: ChainInit): (properties: CallerProperties) => Promise<unknown>;
}

/** The options of AWS's chain that this module sets. */
interface ChainInit {
  profile: string;
  filepath?: string | undefined;
  configFilepath?: string | undefined;
  /** Rereads files that another process has rotated. */
  ignoreCache: true;
  logger: Logger;
}

/** The properties of the caller that AWS's chain receives. */
interface CallerProperties {
  callerClientConfig?: { region: () => Promise<string> };
}

/** The specifier is a literal, so that bundlers and Deno can trace it; it loads on first use only. */
export const importPackage = (): Promise<CredentialProviderNode> =>
  import("@aws-sdk/credential-provider-node");

/**
 * Looks up the credentials of a profile with `@aws-sdk/credential-provider-node`: for SSO, logins,
 * processes and roles. Where AWS's chain would turn from the profile to the machine, it is stopped.
 *
 * @throws {SourceFailure} if the profile gives none
 * @throws {BedrockError} `aws_package_missing`, `permission_missing`
 */
export async function lookUpByPackage(
  { env, region, files, profile }: LookupContext,
  load: () => Promise<CredentialProviderNode>,
): Promise<FoundIdentity> {
  const roles = followRoles(profile, files);
  const reason = whyHopeless(roles) ?? whyOtherHome(roles, env);
  if (reason !== undefined) throw new SourceFailure({ reason });
  // A process is given all variables
  const isProcess = profileKind(roles.origin?.settings) === "credential_process";
  assertVariablesPermitted(isProcess ? [] : [...CHAIN_VARIABLES, "_X_AMZN_TRACE_ID"]);
  for (const path of listPackageFiles(roles.origin?.settings, env)) assertRegularFile(path);
  const { defaultProvider } = await load().catch(reportUnusablePackage);
  const { logger, lastReason } = followChain();
  const caller = region === undefined ? {} : { callerClientConfig: { region: async () => region } };
  const found = await defaultProvider({
    profile: profile.name,
    ...(!env.ofProcess && filesOf(env)),
    ignoreCache: true,
    logger,
  })(caller).catch((error) => {
    const hasLeft = error instanceof LeftProfile;
    const known = hasLeft ? undefined : findReason(`${error.name} ${error.message}`);
    const why = known ?? lastReason() ?? UNKNOWN;
    const login = showUnlessKey(roles.origin?.name ?? profile.name);
    throw new SourceFailure(
      why.command ? { ...why, command: `${why.command} --profile ${login}` } : why,
      hasLeft,
    );
  });
  return readIdentity(found, "the AWS chain");
}

const UNKNOWN: Reason = {
  reason: "AWS's package gave no reason that can be shown. Try: aws sts get-caller-identity",
  command: undefined,
  flag: undefined,
};

/**
 * Says why a login is out of reach for an `env` of the caller's: AWS's package finds its cache by the
 * variables of the process.
 */
function whyOtherHome({ origin }: RoleChain, env: Environment): string | undefined {
  const kind = profileKind(origin?.settings);
  if (env.ofProcess || kind !== "SSO session" && kind !== "SSO" && kind !== "aws login") return;
  const own = readEnvironment();
  const isSame = pathInHome(env, "") === pathInHome(own, "") &&
    sharedFilePath(env, "AWS_CONFIG_FILE") === sharedFilePath(own, "AWS_CONFIG_FILE");
  return isSame
    ? undefined
    : "its login would be read from the home folder of the process, which the `env` option replaces. " +
      "Set HOME and AWS_CONFIG_FILE of the process to the same";
}

/** The files that an `env` of the caller's names; AWS's package would ask the process. */
function filesOf(env: Environment) {
  return {
    filepath: sharedFilePath(env, "AWS_SHARED_CREDENTIALS_FILE"),
    configFilepath: sharedFilePath(env, "AWS_CONFIG_FILE"),
  };
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
    "Cannot load @aws-sdk/credential-provider-node, which SSO, logins, processes and roles need. " +
      "Install it, for example with: npm install @aws-sdk/credential-provider-node",
    { cause },
  );
}
