import { AwsRefusal } from "./service.ts";

/** An identity provider of OpenID Connect, as it is set up in IAM. */
export interface IdentityProvider {
  /** Its URL, which tokens name as their issuer. */
  readonly issuer: string;
  /** The audiences that are accepted. */
  readonly audiences: readonly string[];
  /** The `fetch` that reads its keys. @default {fetch} */
  readonly fetch?: (url: string) => Promise<Response>;
}

/** The claims of a verified token. */
export interface IdTokenClaims {
  /** The issuer. */
  readonly iss: string;
  /** Whom it is about. */
  readonly sub: string;
  /** Whom it is for. */
  readonly aud: string;
}

/** Observed: public reports of STS's errors. */
const NOT_A_JWT =
  "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";

/** Observed, with its two spaces: https://github.com/awslabs/aws-sdk-rust/issues/827. */
const NO_KEY =
  "Couldn't retrieve verification key from your identity provider,  please reference " +
  "AssumeRoleWithWebIdentity documentation for requirements";

const ALGORITHMS: Readonly<
  Record<string, RsaHashedImportParams & EcKeyImportParams & EcdsaParams>
> = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", namedCurve: "" },
  ES256: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
};

/**
 * Verifies a token as STS does: its form, its provider, its signature, its audience and its end.
 *
 * Assumed: the order, and the text for a wrong signature. The other texts were observed.
 */
export async function verifyIdToken(
  token: string,
  providers: readonly IdentityProvider[],
  now: number,
): Promise<IdTokenClaims> {
  const [head = "", body = "", signature = "", ...rest] = token.split(".");
  const [header, claims] = [parse(head), parse(body)];
  if (!header || !claims || !signature || rest.length) throw invalidToken(NOT_A_JWT);
  const { iss, aud, sub, exp } = claims;
  const provider = providers.find(({ issuer }) => issuer === iss);
  if (!provider) throw invalidToken(`No OpenIDConnect provider found in your account for ${iss}`);
  const algorithm = ALGORITHMS[`${header.alg}`];
  const key = algorithm && await readKey(provider, `${header.kid}`, algorithm);
  const signed = new TextEncoder().encode(`${head}.${body}`);
  if (!key || !await crypto.subtle.verify(algorithm, key, bytes(signature), signed)) {
    throw invalidToken("The signature of the ID Token is not valid");
  }
  const audience = [aud].flat().find((each) => provider.audiences.includes(`${each}`));
  if (audience === undefined) throw invalidToken("Incorrect token audience");
  if (typeof exp !== "number" || exp * 1000 <= now) {
    throw new AwsRefusal(
      400,
      "ExpiredTokenException",
      `Token expired: current date/time ${Math.floor(now / 1000)} must be before the expiration ` +
        `date/time ${exp}`,
    );
  }
  return { iss: provider.issuer, sub: `${sub}`, aud: `${audience}` };
}

/** A token that STS does not take, whatever the role. */
export function invalidToken(message: string): AwsRefusal {
  return new AwsRefusal(400, "InvalidIdentityToken", message);
}

async function readKey(
  { issuer, fetch = globalThis.fetch }: IdentityProvider,
  id: string,
  algorithm: RsaHashedImportParams & EcKeyImportParams,
): Promise<CryptoKey> {
  try {
    const found = await fetch(`${issuer}/.well-known/openid-configuration`);
    const { jwks_uri } = await found.json();
    const { keys } = await (await fetch(jwks_uri)).json() as {
      keys: (JsonWebKey & { kid: string })[];
    };
    const key = keys.find(({ kid }) => kid === id)!;
    return await crypto.subtle.importKey("jwk", key, algorithm, false, ["verify"]);
  } catch {
    throw invalidToken(NO_KEY);
  }
}

function parse(part: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes(part))));
  } catch {
    return undefined;
  }
}

function bytes(part: string): Uint8Array<ArrayBuffer> {
  const text = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (each) => each.charCodeAt(0));
}
