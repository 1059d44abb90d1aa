import type { AuthOptions, AwsKeyOptions, BearerOptions, ProfileOptions } from "./auth_options.ts";
import { assertBearerToken } from "./bearer.ts";
import { assertFunction, type CallbackProperties, fromCallback } from "./callback.ts";
import {
  type AwsCredentialIdentity,
  credentialIdentity,
  type ResolveIdentity,
  sameWhileUnchanged,
} from "./credentials.ts";
import { type Environment, permissionAdvice } from "./environment.ts";
import { BedrockError } from "./errors.ts";

/** Looks credentials up where the AWS tools do, in one profile or everywhere. */
export type CredentialChain = (profile: string | undefined, env: Environment) => ResolveIdentity;

/** The one way in which requests will be authenticated. */
export type AuthPlan = BearerPlan | SigningPlan;

/** Requests carry a token. */
export interface BearerPlan extends PlanSource {
  readonly mode: "bearer";
  readonly token: (properties?: CallbackProperties) => Promise<string>;
}

/** Requests are signed with AWS credentials. */
export interface SigningPlan extends PlanSource {
  readonly mode: "sigv4";
  readonly identity: ResolveIdentity;
}

/** What decided on a plan. */
interface PlanSource {
  /** In the order of precedence. */
  readonly level: "options" | "variables" | "chain";
  /** The name of the option or of the variable. */
  readonly source: string;
  /** Whether there is nothing else to be looked up. */
  readonly fixed: boolean;
}

/**
 * Decides how requests are authenticated: the one explicit mode, or else a bearer token, keys or
 * the chain from the environment, in this order.
 *
 * @throws {BedrockError} `option_invalid`, `auth_conflict`, `credentials_incomplete`,
 * `credentials_invalid`, `credentials_missing`
 */
export function planAuth(
  options: AuthOptions,
  env: Environment,
  chain: CredentialChain | undefined,
): AuthPlan {
  return explicitPlan(options, env, chain) ??
    environmentBearer(options, env) ??
    ambientCredentials(options, env, chain);
}

/**
 * Decides which AWS credentials sign, as {@link planAuth} does where no bearer token is to be had.
 *
 * @throws {BedrockError} as {@link planAuth}
 */
export function planSigning(
  options: AwsKeyOptions & ProfileOptions,
  env: Environment,
  chain: CredentialChain | undefined,
): SigningPlan {
  const signing = { ...options, apiKey: null, tokenProvider: undefined };
  return planAuth(signing, env, chain) as SigningPlan;
}

function ambientCredentials(
  { apiKey }: BearerOptions,
  env: Environment,
  chain: CredentialChain | undefined,
): SigningPlan {
  const keys = chain && env.get("AWS_PROFILE") ? undefined : environmentKeys(env);
  if (keys) return keys;
  if (chain) return sigv4("chain", "the AWS credential chain", chain(undefined, env));
  return nothingFound(env, apiKey === null);
}

function explicitPlan(
  options: AuthOptions,
  env: Environment,
  chain: CredentialChain | undefined,
): AuthPlan | undefined {
  const { apiKey, tokenProvider, profile, credentialProvider } = options;
  const keys = staticKeys(options);
  const modes = Object.entries({
    apiKey: apiKey ?? undefined,
    tokenProvider,
    accessKeyId: keys,
    profile,
    credentialProvider,
  }).filter(([, value]) => value !== undefined).map(([name]) => `\`${name}\``);
  if (modes.length > 1) {
    throw new BedrockError(
      "auth_conflict",
      `${modes.join(" and ")} are different ways to authenticate. Keep one of them`,
    );
  }
  if (apiKey !== undefined && apiKey !== null) {
    assertBearerToken(apiKey, "`apiKey`");
    const token = async () => apiKey;
    return { mode: "bearer", level: "options", source: "apiKey", fixed: true, token };
  }
  if (tokenProvider !== undefined) {
    assertFunction(tokenProvider, "tokenProvider");
    const token = fromCallback(tokenProvider, "tokenProvider", assertedToken);
    return { mode: "bearer", level: "options", source: "tokenProvider", fixed: false, token };
  }
  if (keys) return { ...sigv4("options", "accessKeyId", async () => keys), fixed: true };
  if (credentialProvider !== undefined) {
    assertFunction(credentialProvider, "credentialProvider");
    const identity = fromCallback(credentialProvider, "credentialProvider", credentialIdentity);
    return sigv4("options", "credentialProvider", identity);
  }
  if (profile === undefined) return undefined;
  if (typeof profile !== "string" || !profile.trim()) {
    throw new BedrockError(
      "option_invalid",
      "`profile` is blank or not a string. Pass the name of an AWS profile, or leave it out",
    );
  }
  if (chain) return sigv4("options", "profile", chain(profile.trim(), env));
  throw new BedrockError(
    "option_invalid",
    '`profile` needs the AWS credential chain. Import `bedrock` from "@mantle/bedrock/aws"',
  );
}

function staticKeys(options: AwsKeyOptions): AwsCredentialIdentity | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = options;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const blank = typeof sessionToken !== "string" || !sessionToken.trim();
    if (sessionToken !== undefined && blank) {
      throw new BedrockError(
        "credentials_invalid",
        "`sessionToken` is blank or not a string. Leave it out where there is none",
      );
    }
    return credentialIdentity(options, "the options");
  }
  const given = Object.entries({ accessKeyId, secretAccessKey, sessionToken })
    .filter(([, value]) => value !== undefined).map(([name]) => `\`${name}\``);
  if (!given.length) return undefined;
  throw new BedrockError(
    "credentials_incomplete",
    `Cannot sign with ${given.join(" and ")} alone. ` +
      "Pass `accessKeyId` and `secretAccessKey` together, and `sessionToken` with both",
  );
}

function environmentBearer({ apiKey }: BearerOptions, env: Environment): AuthPlan | undefined {
  const name = "AWS_BEARER_TOKEN_BEDROCK";
  if (apiKey === null || env.get(name) === undefined) return undefined;
  const token = async () => assertedToken(env.get(name) ?? nothingFound(env), name);
  return { mode: "bearer", level: "variables", source: name, fixed: false, token };
}

function environmentKeys(env: Environment): SigningPlan | undefined {
  const read = () => ({
    accessKeyId: env.get("AWS_ACCESS_KEY_ID"),
    secretAccessKey: env.get("AWS_SECRET_ACCESS_KEY"),
    sessionToken: env.get("AWS_SESSION_TOKEN"),
  });
  const { accessKeyId, secretAccessKey } = read();
  if (!accessKeyId || !secretAccessKey) return undefined;
  const identity = async () => {
    const keys = read();
    // Without its token, a temporary key is refused in words that tell nobody why
    if (!env.hidden.has("AWS_SESSION_TOKEN")) return credentialIdentity(keys, "the environment");
    throw new BedrockError(
      "permission_missing",
      "Deno hides AWS_SESSION_TOKEN, which may belong to the keys beside it. Add " +
        "--allow-env=AWS_SESSION_TOKEN",
    );
  };
  return sigv4("variables", "AWS_ACCESS_KEY_ID", identity);
}

function nothingFound(env: Environment, onlyAws = false): never {
  const advice = onlyAws ? "Set " : "Pass `apiKey`, set AWS_BEARER_TOKEN_BEDROCK, or set ";
  throw new BedrockError(
    "credentials_missing",
    `No credentials for Bedrock were found. ${advice}AWS_ACCESS_KEY_ID and ` +
      "AWS_SECRET_ACCESS_KEY. For profiles, SSO and roles import from " +
      `"@mantle/bedrock/aws"${permissionAdvice(env)}`,
  );
}

function sigv4(
  level: PlanSource["level"],
  source: string,
  identity: ResolveIdentity,
): SigningPlan {
  return { mode: "sigv4", level, source, fixed: false, identity: sameWhileUnchanged(identity) };
}

function assertedToken(token: unknown, source: string): string {
  assertBearerToken(token, source);
  return token;
}
