import { amzDate } from "./amz_date.ts";
import type { AwsCredentialIdentity } from "../credentials.ts";
import type { Digest } from "../digest.ts";
import { type Pair, pairsOf } from "../headers.ts";
import {
  canonicalRequest,
  normalized,
  signedHeaders,
  type SigningRequest,
} from "./canonical_request.ts";
import { credentialScope, type Scope, signingKey } from "./signing_key.ts";

/** The name of the algorithm, as every signature states it. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

/** A request that is ready to be signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: string;
  /** Without those of an earlier signature and `host`. */
  readonly headers: Headers;
  /** Hexadecimal SHA-256 of the body. */
  readonly payloadHash: string;
}

/**
 * Spells a query so that every reader means the same by it: signers and services are at odds over a
 * bare `+`, which is signed as the space that forms mean by it, and over a `%` that encodes nothing.
 *
 * @see https://github.com/curl/curl/issues/20543
 */
export function unmistakable(url: string): string {
  if (!url.includes("?")) return url;
  const spelled = new URL(url);
  const query = spelled.search.replaceAll("+", "%20").replace(/%(?![0-9a-f]{2})/gi, "%25");
  if (query === spelled.search) return url;
  spelled.search = query;
  return spelled.href;
}

/** Signs a request by setting `SIGNATURE_HEADERS` on its headers. */
export async function signRequest(
  { method, url, headers, payloadHash }: UnsignedRequest,
  identity: AwsCredentialIdentity,
  scope: Scope,
  now: number,
  digest: Digest,
): Promise<void> {
  const { host, pathname, searchParams } = new URL(url);
  const dateTime = amzDate(now);
  headers.set("x-amz-date", dateTime);
  headers.set("x-amz-content-sha256", payloadHash);
  if (identity.sessionToken) headers.set("x-amz-security-token", identity.sessionToken);

  const request: SigningRequest = {
    method: method.toUpperCase(),
    path: pathname,
    query: [...searchParams],
    headers: normalized([["host", host], ...signableHeaders(headers)]),
    payloadHash,
  };
  headers.set("authorization", await authorization(request, identity, scope, dateTime, digest));
}

/** The value of the `Authorization` header. */
export async function authorization(
  request: SigningRequest,
  identity: AwsCredentialIdentity,
  scope: Scope,
  dateTime: string,
  digest: Digest,
): Promise<string> {
  return `${ALGORITHM} Credential=${credential(identity, scope, dateTime)}, ` +
    `SignedHeaders=${signedHeaders(request.headers)}, ` +
    `Signature=${await signature(request, identity, scope, dateTime, digest)}`;
}

/** What a signature states of who signs what for where. */
export function credential(
  { accessKeyId }: AwsCredentialIdentity,
  scope: Scope,
  dateTime: string,
): string {
  return `${accessKeyId}/${credentialScope(dateTime.slice(0, 8), scope)}`;
}

/** The signature of a request, in hexadecimal. */
export async function signature(
  request: SigningRequest,
  identity: AwsCredentialIdentity,
  scope: Scope,
  dateTime: string,
  digest: Digest,
): Promise<string> {
  const text = await stringToSign(canonicalRequest(request), dateTime, scope, digest);
  const key = await signingKey(identity, dateTime.slice(0, 8), scope, digest);
  return await key(text);
}

/** The text that the signing key signs. */
export async function stringToSign(
  canonical: string,
  dateTime: string,
  scope: Scope,
  digest: Digest,
): Promise<string> {
  const hash = await digest.sha256(canonical);
  return [ALGORITHM, dateTime, credentialScope(dateTime.slice(0, 8), scope), hash].join("\n");
}

/** A small fixed set, so that proxies and tracers may add or rewrite all other headers. */
function signableHeaders(headers: Headers): Pair[] {
  return pairsOf(headers).filter(([name]) => name === "content-type" || name.startsWith("x-amz-"));
}
