import { invalidOption } from "../options/rules.ts";
import { readEnvironment } from "../platform/environment.ts";
import { RETRYING_PLATFORM } from "../platform/retrying_platform.ts";
import { ASSUME_ROLE_RULES, type AssumeRoleOptions, takeOptions } from "./options.ts";
import { type CredentialProvider, provideSession } from "./provider.ts";
import { planRole } from "./role.ts";

/** Creates what assumes a role with AWS credentials. */
export function createAssumeRole(
  given: AssumeRoleOptions,
  platform = RETRYING_PLATFORM,
): CredentialProvider {
  const options = takeOptions(given, ASSUME_ROLE_RULES, "assumeRole");
  if ((options.serialNumber === undefined) !== (options.tokenCode === undefined)) {
    throw invalidOption("serialNumber", "and {tokenCode} go together. Pass both, or none");
  }
  const env = readEnvironment(options.env);
  const role = planRole(options, env);
  return provideSession(async () => {
    const { createSession } = await import("./assume_role_session.ts");
    return createSession(options, { role, env, platform });
  });
}
