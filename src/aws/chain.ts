import { credentialIdentity, type ResolveIdentity, reuseUntilExpiry } from "../credentials.ts";
import type { Environment } from "../environment.ts";
import { BedrockError } from "../errors.ts";
import { permitted } from "../permissions.ts";
import { REAL_WORLD, type World } from "../world.ts";
import { sharedFile } from "./files.ts";

/** What this module uses of AWS's package. */
export interface CredentialProviderNode {
  defaultProvider(init: ChainInit): () => Promise<unknown>;
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
}

/** Errors of AWS's packages that may be named; what they say can hold secrets and is not repeated. */
const KNOWN_FAILURES = new Set([
  "CredentialsProviderError",
  "ProviderError",
  "TokenProviderError",
  "AccessDenied",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidGrantException",
  "InvalidIdentityToken",
  "UnauthorizedException",
]);

/** The specifier is a literal, so that bundlers and Deno can trace it; it loads on first use only. */
const importPackage = (): Promise<CredentialProviderNode> =>
  import("@aws-sdk/credential-provider-node");

/** The standard AWS credential chain of `@aws-sdk/credential-provider-node`, for one profile or all. */
export function credentialChain(
  profile: string | undefined,
  env: Environment,
  world: World = REAL_WORLD,
  load: () => Promise<CredentialProviderNode> = importPackage,
): ResolveIdentity {
  return reuseUntilExpiry(async () => {
    const { defaultProvider } = await load().catch(packageUnusable);
    const resolve = defaultProvider(chainInit(profile, env));
    return credentialIdentity(await resolve().catch(chainFailed(profile)), "the AWS chain");
  }, world);
}

/**
 * AWS's package reads the process's variables itself. Where `env` stands for them, a named profile,
 * files and blank values keep it from those; the roles of a container or an instance are left to
 * it, as they are the machine's.
 */
function chainInit(profile: string | undefined, env: Environment): ChainInit {
  const { ofProcess } = env;
  const init: ChainInit = {
    profile: profile ?? env.get("AWS_PROFILE") ?? (ofProcess ? undefined : "default"),
    ignoreCache: true,
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

/** AWS's packages take what Deno withholds for absent, so that nobody would think of it. */
function withheld(): string {
  const names = ["env", "read", "run", "net", "sys"] as const;
  const denied = names.filter((name) => !permitted({ name }));
  return denied.length
    ? `. Deno withholds ${denied.join(", ")} in part; if they are needed, add ` +
      denied.map((name) => `--allow-${name}`).join(" ")
    : "";
}

function packageUnusable(cause: unknown): never {
  if ((cause as Error | undefined)?.name === "NotCapable") {
    throw new BedrockError(
      "credentials_failed",
      "Deno's permissions keep @aws-sdk/credential-provider-node from loading. Add --allow-env, " +
        "--allow-read and --allow-sys, or pass credentials to `bedrock()`",
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

function chainFailed(profile: string | undefined): (error: unknown) => never {
  return (error) => {
    const { name } = (error ?? {}) as { name?: unknown };
    const failure = typeof name === "string" && KNOWN_FAILURES.has(name) ? ` (${name})` : "";
    const place = profile === undefined ? "the AWS credential chain" : `the profile ${profile}`;
    throw new BedrockError(
      "credentials_failed",
      `No AWS credentials came from ${place}${failure}. Log in with the AWS CLI, check the ` +
        `profile and the role of this machine, or pass credentials to \`bedrock()\`${withheld()}`,
    );
  };
}
