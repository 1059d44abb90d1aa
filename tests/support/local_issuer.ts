import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import type { IdentityProvider } from "../../conformance/aws/mod.ts";
import { serve } from "../../loopback/serve.ts";

/** An issuer of OpenID Connect on this machine, whose tokens are real. */
export interface LocalIssuer {
  readonly url: string;
  /** It as an identity provider in IAM, for one audience. */
  readonly provider: IdentityProvider;
  /** Signs a token; by default for STS, about `SUBJECT`, for five minutes. */
  sign(claims?: JWTPayload): Promise<string>;
  /** Signs one with a key that the issuer does not publish, under the id of the one that it does. */
  forge(claims?: JWTPayload): Promise<string>;
  /** True if it responds; otherwise STS cannot read its keys. */
  isUp: boolean;
}

/** Whom tokens are about. */
export const SUBJECT = "repo:example/app:ref:refs/heads/main";

/** Whom tokens are for. */
export const AUDIENCE = "sts.amazonaws.com";

/** Runs a test with an issuer. */
export async function withIssuer(
  run: (issuer: LocalIssuer) => Promise<void>,
  alg: "RS256" | "ES256" = "ES256",
): Promise<void> {
  const [own, other] = await Promise.all([generateKeyPair(alg), generateKeyPair(alg)]);
  const jwk = { ...await exportJWK(own.publicKey), kid: "key-1", alg, use: "sig" };
  const server = await serve(async ({ url }) => {
    if (!issuer.isUp) return new Response("Down", { status: 503 });
    const { pathname, origin } = new URL(url);
    if (pathname === "/jwks") return Response.json({ keys: [jwk] });
    if (pathname !== "/.well-known/openid-configuration") return new Response("", { status: 404 });
    return Response.json({ issuer: origin, jwks_uri: `${origin}/jwks` });
  });
  const signWith = (key: typeof own.privateKey) => async (claims: JWTPayload = {}) =>
    await new SignJWT({ aud: AUDIENCE, sub: SUBJECT, jti: crypto.randomUUID(), ...claims })
      .setProtectedHeader({ alg, kid: "key-1", typ: "JWT" })
      .setIssuer(claims.iss ?? server.url)
      .setIssuedAt()
      .setExpirationTime(claims.exp ?? "5m")
      .sign(key);
  const issuer: LocalIssuer = {
    url: server.url,
    provider: { issuer: server.url, audiences: [AUDIENCE] },
    sign: signWith(own.privateKey),
    forge: signWith(other.privateKey),
    isUp: true,
  };
  try {
    await run(issuer);
  } finally {
    await server.close();
  }
}
