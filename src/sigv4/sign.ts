import { amzDate } from "./amz_date.ts";
import type { AwsCredentialIdentity } from "../credentials.ts";
import type { Digest } from "../digest.ts";
import type { Pair } from "../headers.ts";
import {
  canonicalRequest,
  normalized,
  signedHeaders,
  type SigningRequest,
} from "./canonical_request.ts";
import { onceFound, type Soon } from "../soon.ts";
import { credentialScope, type Scope, signingKey } from "./signing_key.ts";

/** The name of the algorithm, as every signature states it. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

/** A request that is ready to be signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  /** Those to be signed, without those of an earlier signature and `host`. */
  readonly headers: readonly Pair[];
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

/** Signs a request: `SIGNATURE_HEADERS`, to be sent with its own. */
export function signatureHeaders(
  { method, url, headers, payloadHash }: UnsignedRequest,
  identity: AwsCredentialIdentity,
  scope: Scope,
  now: number,
  digest: Digest,
): Soon<Pair[]> {
  const dateTime = amzDate(now);
  const added: Pair[] = [["x-amz-content-sha256", payloadHash], ["x-amz-date", dateTime]];
  if (identity.sessionToken) added.push(["x-amz-security-token", identity.sessionToken]);

  const request: SigningRequest = {
    method: method.toUpperCase(),
    path: url.pathname,
    query: url.search ? [...url.searchParams] : [],
    headers: normalized([["host", url.host], ...headers, ...added]),
    payloadHash,
  };
  return onceFound(signature(request, identity, scope, dateTime, digest), (signed) => {
    const value = authorization(request, identity, scope, dateTime, signed);
    return [...added, ["authorization", value]];
  });
}

/** The value of the `Authorization` header. */
export function authorization(
  { headers }: SigningRequest,
  identity: AwsCredentialIdentity,
  scope: Scope,
  dateTime: string,
  signature: string,
): string {
  return `${ALGORITHM} Credential=${credential(identity, scope, dateTime)}, ` +
    `SignedHeaders=${signedHeaders(headers)}, Signature=${signature}`;
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
export function signature(
  request: SigningRequest,
  identity: AwsCredentialIdentity,
  scope: Scope,
  dateTime: string,
  digest: Digest,
): Soon<string> {
  const hash = digest.sha256(canonicalRequest(request));
  const key = signingKey(identity, dateTime.slice(0, 8), scope, digest);
  return onceFound(
    hash,
    (hash) => onceFound(key, (key) => key(stringToSign(hash, dateTime, scope))),
  );
}

/** The text that the signing key signs, of the hash of a canonical request. */
export function stringToSign(hash: string, dateTime: string, scope: Scope): string {
  return [ALGORITHM, dateTime, credentialScope(dateTime.slice(0, 8), scope), hash].join("\n");
}
