import type { Received } from "../mantle/exchange.ts";
import { withCors } from "./cors.ts";
import { type IdentityProvider, verifyIdToken } from "./id_token.ts";
import { AwsRefusal, createHandler, type ServiceOptions } from "./service.ts";
import type { IssuedOptions } from "./temporary_credentials.ts";

/** Which identities a pool has. */
export interface CognitoIdentityOptions extends ServiceOptions, IssuedOptions {
  /** The id of the pool, `<region>:<uuid>`. */
  readonly identityPoolId: string;
  /** The providers whose tokens are accepted; `Logins` name them without `https://`. @default {[]} */
  readonly identityProviders?: readonly IdentityProvider[];
  /** True if guests get credentials. @default {false} */
  readonly guests?: boolean;
}

/**
 * Cognito's identity pools: `GetId` and `GetCredentialsForIdentity`, which nobody signs.
 *
 * The shapes are documented, the texts of the refusals observed in public reports; assumed: their order.
 *
 * @param options Which pool it is, and whose tokens it takes.
 * @returns A handler, which answers what it refuses in the shape of the service.
 *
 * @example A guest
 * ```ts
 * import assert from "node:assert/strict";
 * import { cognitoIdentity } from "@mantle/bedrock/aws-endpoints";
 *
 * const credentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "t" };
 * const identityPoolId = "us-west-2:00000000-0000-0000-0000-000000000000";
 * const pool = cognitoIdentity({ identityPoolId, credentials, guests: true });
 * const headers = { "x-amz-target": "AWSCognitoIdentityService.GetId" };
 * const body = JSON.stringify({ IdentityPoolId: identityPoolId });
 * const url = "https://cognito-identity.us-west-2.amazonaws.com/";
 * const response = await pool(new Request(url, { method: "POST", headers, body }));
 * assert.match((await response.json()).IdentityId, /^us-west-2:/);
 * ```
 */
export function cognitoIdentity(
  options: CognitoIdentityOptions,
): (request: Request) => Promise<Response> {
  const { identityPoolId, credentials, lifeSeconds = 3600, now = Date.now } = options;
  const [region = ""] = identityPoolId.split(":");
  /** Whose each identity is. */
  const identities = new Map<string, string>();

  const operations: Readonly<Record<string, (fields: Fields) => Promise<object>>> = {
    async GetId({ IdentityPoolId, Logins }) {
      if (IdentityPoolId !== identityPoolId) {
        throw notFound(`IdentityPool '${IdentityPoolId}' not found.`);
      }
      const user = await verifyLogins(Logins, options, now());
      // Each guest is another one
      const known = user !== GUEST && [...identities].find(([, whose]) => whose === user)?.[0];
      const id = known || `${region}:${crypto.randomUUID()}`;
      identities.set(id, user);
      return { IdentityId: id };
    },
    async GetCredentialsForIdentity({ IdentityId, Logins }) {
      const whose = identities.get(`${IdentityId}`);
      if (whose === undefined) throw notFound(`Identity '${IdentityId}' not found.`);
      if (whose !== await verifyLogins(Logins, options, now())) {
        throw notAuthorized(`Access to Identity '${IdentityId}' is forbidden.`);
      }
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken } = credentials;
      const Expiration = now() / 1000 + lifeSeconds;
      const Credentials = { AccessKeyId, SecretKey, SessionToken: sessionToken, Expiration };
      return { IdentityId, Credentials };
    },
  };

  return withCors(createHandler({
    operation: operationOf,
    refuse: ({ status, code, message }) => json({ __type: code, message }, status),
    async respond(received) {
      const operation = operations[operationOf(received)];
      if (received.method !== "POST" || !operation) {
        throw new AwsRefusal(400, "UnknownOperationException", "");
      }
      return json(await operation(parse(received)), 200);
    },
  }, options));
}

const GUEST = "a guest";

interface Fields {
  readonly IdentityPoolId?: unknown;
  readonly IdentityId?: unknown;
  readonly Logins?: unknown;
}

/** Verifies the tokens of a user, and returns who that is. */
async function verifyLogins(
  logins: unknown,
  { identityProviders = [], guests = false }: CognitoIdentityOptions,
  now: number,
): Promise<string> {
  const given = Object.entries(Object(logins ?? {}));
  if (given.length === 0) {
    if (guests) return GUEST;
    throw notAuthorized("Unauthenticated access is not supported for this identity pool.");
  }
  const users = given.map(async ([name, token]) => {
    const provider = identityProviders.find(({ issuer }) =>
      issuer.replace(/^https?:\/\//, "") === name
    );
    if (!provider) {
      throw notAuthorized("Token is not from a supported provider of this identity pool.");
    }
    const { iss, sub } = await verifyIdToken(`${token}`, [provider], now).catch(inCognitosWords);
    return `${iss} ${sub}`;
  });
  return (await Promise.all(users)).join();
}

function inCognitosWords(error: unknown): never {
  if (!(error instanceof AwsRefusal)) throw error;
  if (/^No OpenIDConnect/.test(error.message)) {
    throw notAuthorized("Invalid login token. Issuer doesn't match providerName");
  }
  throw notAuthorized(`Invalid login token. ${error.message}`);
}

function notAuthorized(message: string): AwsRefusal {
  return new AwsRefusal(400, "NotAuthorizedException", message);
}

function notFound(message: string): AwsRefusal {
  return new AwsRefusal(400, "ResourceNotFoundException", message);
}

function operationOf({ headers }: Received): string {
  return headers.get("x-amz-target")?.replace("AWSCognitoIdentityService.", "") ?? "";
}

function parse({ body }: Received): Fields {
  try {
    return Object(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    throw new AwsRefusal(400, "SerializationException", "");
  }
}

function json(body: object, status: number): Response {
  const headers = { "content-type": "application/x-amz-json-1.1" };
  return new Response(JSON.stringify(body), { status, headers });
}
