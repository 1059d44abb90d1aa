import type { AuthPlan } from "./auth.ts";
import type { FoundIdentity } from "./credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Environment } from "./environment.ts";
import { BedrockError, type BedrockErrorCode, type PassedOver } from "./errors.ts";
import type { BedrockEndpoint } from "./host.ts";
import { type DecodedKey, decodeKey } from "./keys/decode.ts";
import { withinLimits } from "./limits.ts";
import { passedOver } from "./passed_over.ts";
import type { Sourced } from "./region.ts";
import type { World } from "./world.ts";

/** What `bedrock()` has decided and why; nothing in it is secret. */
export interface Explanation {
  /** Whether a request could be authenticated now. */
  readonly ok: boolean;
  /** The endpoint family. */
  readonly endpoint: Sourced<BedrockEndpoint>;
  /** The AWS region; a bearer token on a custom host needs none. */
  readonly region: Sourced<string> | undefined;
  /** The root of the API. */
  readonly baseURL: Sourced<string>;
  /** How requests are authenticated, and with what. */
  readonly auth: {
    readonly mode: "bearer" | "sigv4";
    /** The option, the variable or the source of the AWS chain. */
    readonly source: string;
    /** The service that signatures are scoped to. */
    readonly service: string | undefined;
    /** The one region that a short-term key is good for. */
    readonly region: string | undefined;
    /**
     * When the credential ends, if it says so. One that has ended is sent all the same, as the
     * clock may be wrong.
     */
    readonly expiration: Date | undefined;
  };
  /** What is set and does not count, and the sources that gave nothing. */
  readonly passedOver: readonly PassedOver[];
  /** Why no request could be authenticated. */
  readonly problem: { readonly code: BedrockErrorCode; readonly message: string } | undefined;
}

/** Looks the credential up as a request would, and tells what came of it. */
export async function explain(
  { family, region, baseURL, service, sources }: Endpoint,
  plan: AuthPlan,
  env: Environment,
  world: World,
): Promise<Explanation> {
  const { identity, key, expiration, problem } = await lookUp(plan, region, world);
  return {
    ok: problem === undefined,
    endpoint: { value: family, source: sources.family },
    region: region && sources.region ? { value: region, source: sources.region } : undefined,
    baseURL: { value: baseURL, source: sources.baseURL },
    auth: {
      mode: plan.mode,
      source: identity?.foundIn ?? plan.source,
      service: plan.mode === "sigv4" ? service : undefined,
      region: key?.region,
      expiration,
    },
    passedOver: [
      ...passedOver(env, plan),
      ...(identity?.passedOver ?? problem?.tried ?? []),
    ],
    problem: problem && { code: problem.code, message: problem.message },
  };
}

interface LookedUp {
  readonly identity?: FoundIdentity;
  readonly key?: DecodedKey | undefined;
  readonly expiration?: Date | undefined;
  readonly problem?: BedrockError;
}

async function lookUp(
  plan: AuthPlan,
  region: string | undefined,
  { lookupLimitMs: timeoutMs }: World,
): Promise<LookedUp> {
  try {
    if (plan.mode === "bearer") {
      const key = decodeKey(await withinLimits(plan.token, [], timeoutMs));
      return { key, expiration: key?.expiration };
    }
    const identity = await withinLimits(() => plan.identity({ region }), [], timeoutMs);
    return { identity, expiration: identity.expiration };
  } catch (error) {
    if (error instanceof BedrockError) return { problem: error };
    throw error;
  }
}
