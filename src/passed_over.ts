import type { AuthPlan } from "./auth.ts";
import type { Environment } from "./environment.ts";
import type { PassedOver } from "./errors.ts";

/** The variables that can decide how to authenticate, in the order in which they do. */
const VARIABLES = ["AWS_BEARER_TOKEN_BEDROCK", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"];

/** The variables that are set and do not count under a plan, and why. */
export function passedOver(env: Environment, plan: AuthPlan): readonly PassedOver[] {
  const used = plan.level === "chain" ? "AWS_PROFILE" : plan.source;
  const outranked = VARIABLES.filter((name) => name !== used && env.get(name))
    .map((source) => ({ source, reason: whyNot(source, plan, env) }));
  const withheld = [...env.hidden]
    .map((source) => ({ source, reason: `Deno hides it. Add --allow-env=${source}` }));
  return [...outranked, ...withheld];
}

function whyNot(variable: string, plan: AuthPlan, env: Environment): string {
  if (plan.level === "options") return `\`${plan.source}\` is given`;
  if (variable === "AWS_BEARER_TOKEN_BEDROCK") return "`apiKey` is null";
  if (plan.mode === "bearer") return `${plan.source} comes first`;
  if (variable === "AWS_PROFILE") return 'profiles need "@mantle/bedrock/aws"';
  if (!env.get("AWS_SECRET_ACCESS_KEY")) return "AWS_SECRET_ACCESS_KEY is not set";
  return "AWS_PROFILE is set and comes first, as in AWS's SDK for JavaScript";
}
