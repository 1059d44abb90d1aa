import { readIdentity, type ResolveIdentity } from "../auth/credentials.ts";
import type { Environment } from "../platform/environment.ts";
import { isObject, parseObject } from "../platform/json.ts";
import type { RetryingPlatform } from "../platform/retrying_platform.ts";
import { readProperty } from "../platform/read_options.ts";
import { COGNITO, placeService } from "./endpoint.ts";
import type { CognitoIdentityOptions } from "./options.ts";
import { Refused } from "./refused.ts";
import { whyPassing } from "./retries.ts";
import { reuseSession } from "./session.ts";
import { planToken } from "./token.ts";
import { type Reply, sendRetrying } from "./wire.ts";

/** The tokens of a user, by the names of their providers. */
type Logins = readonly (readonly [provider: string, token: string])[];

/**
 * Creates what gets the credentials of a Cognito identity, by two requests that are not signed; the first
 * is made once.
 *
 * @see https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html
 * @see https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
 */
export function createSession(
  options: CognitoIdentityOptions,
  env: Environment,
  platform: RetryingPlatform,
): ResolveIdentity {
  const { identityPoolId, customRoleArn, fetch, fips, cognitoEndpoint: endpoint } = options;
  const [poolRegion] = identityPoolId.split(":");
  const place = placeService(COGNITO, { region: options.region, fips, endpoint }, poolRegion, env);
  const wire = { name: COGNITO.name, fetch, platform };
  const tokens = Object.entries(options.logins ?? {}).map(([provider, token]) =>
    [provider, planToken(token, "logins")] as const
  );
  let identityId: unknown;

  async function call(operation: string, fields: object, logins: Logins, signal: AbortSignal) {
    const body = JSON.stringify({
      ...fields,
      Logins: logins.length ? Object.fromEntries(logins) : undefined,
    });
    const headers = new Headers({
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityService.${operation}`,
    });
    const message = { method: "POST", url: `${place.url}/`, headers, body } as const;
    const mayPass = (reply: Reply) => whyPassing(readError(reply).code);
    const reply = await sendRetrying(wire, () => message, signal, mayPass);
    const { status, text } = reply;
    const found = status < 300 ? parseObject(text) : undefined;
    if (found) return found;
    const secrets = logins.map(([, token]) => token);
    const error = readError(reply);
    throw new Refused({ place, operation, status, ...error, secrets, token: secrets[0] });
  }

  return reuseSession<Logins>({
    lookUp: (properties) =>
      Promise.all(
        tokens.map(async ([provider, token]) => [provider, await token(properties)] as const),
      ),
    isSame: (one, other) => one.every(([, token], at) => token === other[at]?.[1]),
    async exchange(logins, signal) {
      try {
        const pool = { IdentityPoolId: identityPoolId };
        identityId ??= readProperty(await call("GetId", pool, logins, signal), "IdentityId");
        const identity = { IdentityId: identityId, CustomRoleArn: customRoleArn };
        const found = await call("GetCredentialsForIdentity", identity, logins, signal);
        return readIdentity(toIdentity(readProperty(found, "Credentials")), COGNITO.name);
      } catch (error) {
        // It may have been deleted, or merged with another
        identityId = undefined;
        throw error;
      }
    },
  }, platform);
}

/** Renames what Cognito calls by other names, and counts in seconds. */
function toIdentity(credentials: unknown) {
  const read = (name: string) =>
    isObject(credentials) ? readProperty(credentials, name) : undefined;
  const seconds = read("Expiration");
  return {
    accessKeyId: read("AccessKeyId"),
    secretAccessKey: read("SecretKey"),
    sessionToken: read("SessionToken"),
    expiration: seconds === undefined ? undefined : new Date(Number(seconds) * 1000),
  };
}

function readError({ text, headers }: Reply) {
  const body = parseObject(text) ?? {};
  const read = (name: string) => {
    const value = readProperty(body, name);
    return typeof value === "string" ? value : undefined;
  };
  const type = read("__type") ?? headers.get("x-amzn-errortype") ?? "";
  return {
    code: type.slice(type.indexOf("#") + 1).split(":", 1)[0]!,
    message: read("message") ?? read("Message") ?? "",
    requestId: headers.get("x-amzn-requestid") ?? undefined,
  };
}
