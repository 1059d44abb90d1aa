import { readEnvironment } from "../platform/environment.ts";
import { RETRYING_PLATFORM } from "../platform/retrying_platform.ts";
import { takeOptions, WEB_IDENTITY_RULES, type WebIdentityOptions } from "./options.ts";
import { type CredentialProvider, provideSession } from "./provider.ts";
import { planRole } from "./role.ts";

/** Creates what assumes a role with a token. */
export function createWebIdentity(
  given: WebIdentityOptions,
  platform = RETRYING_PLATFORM,
): CredentialProvider {
  const options = takeOptions(given, WEB_IDENTITY_RULES, "webIdentity", ["token"]);
  const env = readEnvironment(options.env);
  const role = planRole(options, env, "AWS_ROLE_ARN");
  return provideSession(async () => {
    const { createSession } = await import("./web_identity_session.ts");
    return createSession(options, { role, env, platform });
  });
}
