import type { Authenticator } from "./auth/authenticator.ts";
import type { CredentialDescription } from "./auth/authenticator.ts";
import type { AuthPlan } from "./auth/plan.ts";
import type { Endpoint } from "./endpoint/endpoint.ts";
import type { Sourced } from "./endpoint/region.ts";
import {
  BedrockError,
  type BedrockErrorCode,
  describeError,
  type SkippedSource,
} from "./errors.ts";
import type { BedrockEndpoint } from "./options.ts";
import type { Environment } from "./platform/environment.ts";

/** The decisions of `bedrock()` and their reasons, without secrets. */
export interface Explanation {
  /** True if a request could be authenticated now. */
  readonly ok: boolean;
  /** The endpoint family. */
  readonly endpoint: Sourced<BedrockEndpoint>;
  /** The AWS region; a bearer token on a custom host needs none. */
  readonly region: Sourced<string> | undefined;
  /** The root of the API. */
  readonly baseURL: Sourced<string>;
  /** The way requests are authenticated. */
  readonly auth: {
    readonly mode: "bearer" | "sigv4";
    /** The option, the variable or the source of the AWS chain. */
    readonly source: string;
    /** The service that signatures are scoped to. */
    readonly service: string | undefined;
    /** The only region a short-term key is valid in. */
    readonly region: string | undefined;
    /**
     * The expiry of the credential, if known. Expired keys are still sent: your clock may be wrong.
     */
    readonly expiration: Date | undefined;
  };
  /** Settings and sources that were not used, with the reasons. */
  readonly skipped: readonly SkippedSource[];
  /** The reason why no request could be authenticated. */
  readonly problem: Problem | undefined;
}

/** The reason why no request could be authenticated. */
export interface Problem {
  /** The error code. */
  readonly code: BedrockErrorCode;
  /** The error message that a request would get. */
  readonly message: string;
  /** The message without the sources that were tried, which `skipped` lists. */
  readonly summary: string;
}

/** The parts of a `bedrock()` that are inspected. */
export interface Inspected {
  readonly endpoint: Endpoint;
  readonly plan: AuthPlan;
  readonly authenticator: Pick<Authenticator, "describe" | "names">;
  readonly env: Environment;
}

/** Looks up the credential as a request would, and reports what was decided. */
export async function inspect(
  { endpoint, plan, authenticator, env }: Inspected,
): Promise<Explanation> {
  const { family, region, baseURL, service, sources } = endpoint;
  const { credential, problem } = await lookUp(authenticator);
  return {
    ok: problem === undefined,
    endpoint: { value: family, source: sources.family },
    region: region && sources.region ? { value: region, source: sources.region } : undefined,
    baseURL: { value: baseURL, source: sources.baseURL },
    auth: {
      mode: plan.mode,
      source: credential?.foundIn ?? plan.source,
      service: plan.mode === "sigv4" ? service : undefined,
      region: credential?.region,
      expiration: credential?.expiration,
    },
    skipped: [
      ...listOutranked(env, plan),
      ...listHidden(env),
      ...(credential?.skipped ?? problem?.tried ?? []),
    ],
    problem: problem && {
      code: problem.code,
      message: problem.message,
      summary: describeError(problem, authenticator.names, ["tried"]),
    },
  };
}

async function lookUp(
  { describe }: Inspected["authenticator"],
): Promise<
  { credential: CredentialDescription | undefined; problem: BedrockError | undefined }
> {
  try {
    return { credential: await describe(), problem: undefined };
  } catch (error) {
    if (error instanceof BedrockError) return { credential: undefined, problem: error };
    throw error;
  }
}

/** Lists the variables that Deno hides. */
function listHidden({ hidden }: Environment): SkippedSource[] {
  return [...hidden].map((source) => {
    const flag = `--allow-env=${source}`;
    return { source, reason: `Deno denies access. Add ${flag}`, flag };
  });
}

/** The variables that select a way to authenticate, in order of precedence. */
const VARIABLES = ["AWS_BEARER_TOKEN_BEDROCK", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"];

/** Lists the variables that are set but not used, with the reasons. */
function listOutranked(env: Environment, plan: AuthPlan): SkippedSource[] {
  const used = plan.level === "chain" ? "AWS_PROFILE" : plan.source;
  return VARIABLES.filter((name) => name !== used && env.get(name))
    .map((source) => ({ source, reason: explainOutranked(source, plan, env) }));
}

function explainOutranked(variable: string, plan: AuthPlan, env: Environment): string {
  if (plan.level === "options") return `\`${plan.source}\` is set`;
  if (variable === "AWS_BEARER_TOKEN_BEDROCK") return "`apiKey` is null";
  if (plan.mode === "bearer") return `${plan.source} takes precedence`;
  if (variable === "AWS_PROFILE") return 'profiles need "@mantle/bedrock/aws"';
  if (!env.get("AWS_SECRET_ACCESS_KEY")) return "AWS_SECRET_ACCESS_KEY is not set";
  return "AWS_PROFILE takes precedence, as in the AWS SDK for JavaScript";
}
