import { BedrockError } from "../errors.ts";
import type {
  AuthOptions,
  AwsKeyOptions,
  BearerOptions,
  CallbackProperties,
  ProfileOptions,
} from "../options.ts";
import { isText } from "../options/rules.ts";
import { adviseOnHidden, type Environment, hiddenFlag } from "../platform/environment.ts";
import { readToken } from "./api_key.ts";
import { fromCallback } from "./callback.ts";
import {
  type FoundIdentity,
  FROM_OPTIONS,
  readIdentity,
  type ResolveIdentity,
  stableIdentity,
} from "./credentials.ts";

/** Looks up credentials as the AWS tools do, in one profile or in all sources. */
export type CredentialChain = (profile: string | undefined, env: Environment) => ResolveIdentity;

/** Access to the AWS files and credential chain, which only `aws.ts` has. */
export interface AwsSetup {
  readonly chain: CredentialChain;
  readonly profileRegion: (profile: string | undefined, env: Environment) => string | undefined;
  /** Says where else a region can be set or found, if none is. */
  readonly regionAdvice: string;
}

/** The one way to authenticate requests. */
export type AuthPlan = BearerPlan | SigningPlan;

/** A plan to send a bearer token. */
export interface BearerPlan extends PlanSource {
  readonly mode: "bearer";
  readonly token: (properties?: CallbackProperties) => Promise<string>;
}

/** A plan to sign with AWS credentials. */
export interface SigningPlan extends PlanSource {
  readonly mode: "sigv4";
  readonly identity: ResolveIdentity;
}

/**
 * The way to renew a credential: none, a lookup that is the same for all callers, or a callback,
 * which may return a different credential to each caller.
 */
export type Renewal = "none" | "shared" | "per caller";

/** The setting that decided on a plan. */
export interface PlanSource {
  /** Listed in order of precedence. */
  readonly level: "options" | "variables" | "chain";
  /** The name of the option or of the variable. */
  readonly source: string;
  readonly renewal: Renewal;
}

/**
 * Decides how requests are authenticated: the one explicit way, otherwise a bearer token, keys or
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
  return planExplicit(options, env, chain) ??
    planEnvironmentToken(options, env) ??
    planAmbient(options, env, chain);
}

/**
 * Decides which AWS credentials sign, as {@link planAuth} does without bearer tokens.
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

function planAmbient(
  { apiKey }: BearerOptions,
  env: Environment,
  chain: CredentialChain | undefined,
): SigningPlan {
  const keys = chain && env.get("AWS_PROFILE") ? undefined : planEnvironmentKeys(env);
  if (keys) return keys;
  if (chain) {
    const source = "the AWS credential chain";
    return createSigningPlan({ level: "chain", source, renewal: "shared" }, chain(undefined, env));
  }
  throw credentialsMissing(env, apiKey === null);
}

function planExplicit(
  options: AuthOptions,
  env: Environment,
  chain: CredentialChain | undefined,
): AuthPlan | undefined {
  const { apiKey, tokenProvider, profile, credentialProvider } = options;
  const keys = readKeys(options);
  const ways = Object.entries({
    apiKey: apiKey ?? undefined,
    tokenProvider,
    accessKeyId: keys,
    profile,
    credentialProvider,
  }).filter(([, value]) => value !== undefined).map(([name]) => `{${name}}`);
  if (ways.length > 1) {
    throw new BedrockError(
      "auth_conflict",
      `${ways.join(" and ")} are different ways to authenticate. Keep one`,
    );
  }
  if (apiKey !== undefined && apiKey !== null) {
    const token = readToken(apiKey, "{apiKey}");
    return { mode: "bearer", ...fromOption("apiKey", "none"), token: async () => token };
  }
  if (tokenProvider !== undefined) {
    const token = fromCallback(tokenProvider, "tokenProvider", readToken);
    return { mode: "bearer", ...fromOption("tokenProvider", "per caller"), token };
  }
  if (keys) return createSigningPlan(fromOption("accessKeyId", "none"), async () => keys);
  if (credentialProvider !== undefined) {
    const identity = fromCallback(credentialProvider, "credentialProvider", readIdentity);
    return createSigningPlan(fromOption("credentialProvider", "per caller"), identity);
  }
  if (profile === undefined) return undefined;
  if (chain) return createSigningPlan(fromOption("profile", "shared"), chain(profile.trim(), env));
  throw new BedrockError(
    "option_invalid",
    '{profile} is for "@mantle/bedrock/aws". Import `bedrock` from there',
    { option: "profile" },
  );
}

function readKeys(options: AwsKeyOptions): FoundIdentity | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = options;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    if (sessionToken !== undefined && !isText(sessionToken)) {
      throw new BedrockError(
        "credentials_invalid",
        "{sessionToken} is blank or not a string. Omit it if there is none",
        { option: "sessionToken" },
      );
    }
    return readIdentity(options, FROM_OPTIONS);
  }
  const given = Object.entries({ accessKeyId, secretAccessKey, sessionToken })
    .filter(([, value]) => value !== undefined).map(([name]) => `{${name}}`);
  if (!given.length) return undefined;
  throw new BedrockError(
    "credentials_incomplete",
    `Cannot sign with ${given.join(" and ")} alone. ` +
      "Pass {accessKeyId} and {secretAccessKey} together, {sessionToken} with both",
  );
}

function planEnvironmentToken(
  { apiKey }: BearerOptions,
  env: Environment,
): BearerPlan | undefined {
  const source = "AWS_BEARER_TOKEN_BEDROCK";
  if (apiKey === null || env.get(source) === undefined) return undefined;
  const token = async () => {
    const value = env.get(source);
    if (value === undefined) throw credentialsMissing(env);
    return readToken(value, source);
  };
  return { mode: "bearer", level: "variables", source, renewal: "shared", token };
}

function planEnvironmentKeys(env: Environment): SigningPlan | undefined {
  const read = () => ({
    accessKeyId: env.get("AWS_ACCESS_KEY_ID"),
    secretAccessKey: env.get("AWS_SECRET_ACCESS_KEY"),
    sessionToken: env.get("AWS_SESSION_TOKEN"),
    expiration: env.get("AWS_CREDENTIAL_EXPIRATION"),
  });
  const { accessKeyId, secretAccessKey } = read();
  if (!accessKeyId || !secretAccessKey) return undefined;
  const identity = async () => {
    const keys = read();
    // Without its session token, AWS refuses a temporary key without saying why
    if (!env.hidden.has("AWS_SESSION_TOKEN")) return readIdentity(keys, "the environment");
    const flag = "--allow-env=AWS_SESSION_TOKEN";
    throw new BedrockError(
      "permission_missing",
      `Deno hides AWS_SESSION_TOKEN. Add ${flag}`,
      { flag },
    );
  };
  return createSigningPlan(
    { level: "variables", source: "AWS_ACCESS_KEY_ID", renewal: "shared" },
    identity,
  );
}

function credentialsMissing(env: Environment, isOnlyAws = false): BedrockError {
  const advice = isOnlyAws ? "Set " : "Pass {apiKey}, set AWS_BEARER_TOKEN_BEDROCK, or set ";
  return new BedrockError(
    "credentials_missing",
    `No credentials for Bedrock were found. ${advice}AWS_ACCESS_KEY_ID and ` +
      "AWS_SECRET_ACCESS_KEY. For profiles, SSO and roles, import from " +
      `"@mantle/bedrock/aws"${adviseOnHidden(env)}`,
    { flag: hiddenFlag(env) },
  );
}

function createSigningPlan(source: PlanSource, identity: ResolveIdentity): SigningPlan {
  return { mode: "sigv4", ...source, identity: stableIdentity(identity) };
}

function fromOption(source: string, renewal: Renewal): PlanSource {
  return { level: "options", source, renewal };
}
