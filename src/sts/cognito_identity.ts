import { readEnvironment } from "../platform/environment.ts";
import { RETRYING_PLATFORM } from "../platform/retrying_platform.ts";
import { COGNITO_RULES, type CognitoIdentityOptions, takeOptions } from "./options.ts";
import { type CredentialProvider, provideSession } from "./provider.ts";

/** Creates what gets the credentials of a Cognito identity. */
export function createCognitoIdentity(
  given: CognitoIdentityOptions,
  platform = RETRYING_PLATFORM,
): CredentialProvider {
  const options = takeOptions(given, COGNITO_RULES, "cognitoIdentity", ["identityPoolId"]);
  const env = readEnvironment(options.env);
  return provideSession(async () => {
    const { createSession } = await import("./cognito_session.ts");
    return createSession(options, env, platform);
  });
}
