import { regionMissing, resolveRegion } from "../endpoint/region.ts";
import { BedrockError } from "../errors.ts";
import type { OptionRule } from "../options/rules.ts";
import { adviseOnHidden, type Environment, hiddenFlag } from "../platform/environment.ts";
import { ROLE_ARN, type RoleOptions, SESSION_NAME } from "./options.ts";
import { endpointVariable } from "./variables.ts";

/** Which role is assumed, and where. */
export interface Role {
  readonly arn: string;
  readonly sessionName: string | undefined;
  /** The region that is asked for; the host of a URL of the caller's may name another. */
  readonly region: string | undefined;
}

/**
 * Decides on the role and the region.
 *
 * @param variable The variable that names the role, if there is one.
 * @throws {BedrockError} `option_invalid`, `region_invalid`, `region_missing`
 */
export function planRole(options: RoleOptions, env: Environment, variable = ""): Role {
  const arn = options.roleArn ?? readVariable(variable, ROLE_ARN, env);
  if (arn === undefined) {
    const or = variable && `, or set ${variable}${adviseOnHidden(env)}`;
    throw new BedrockError("option_invalid", `{roleArn} is missing. Pass the ARN of a role${or}`, {
      option: "roleArn",
      flag: hiddenFlag(env),
    });
  }
  const sessionName = options.roleSessionName ??
    readVariable("AWS_ROLE_SESSION_NAME", SESSION_NAME, env);
  const none = { hostRegion: undefined, profileRegion: undefined };
  const region = resolveRegion(options.region, env, none)?.value;
  if (!region && !options.stsEndpoint && !endpointVariable("STS", env)) {
    throw regionMissing(env);
  }
  return { arn, sessionName, region };
}

function readVariable(
  source: string,
  [isValid, complaint]: OptionRule,
  env: Environment,
): string | undefined {
  const value = source ? env.get(source) : undefined;
  if (value === undefined || isValid(value)) return value;
  throw new BedrockError("option_invalid", `${source} ${complaint}`, { source });
}
