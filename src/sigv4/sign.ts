import type { AwsCredentialIdentity } from "../options.ts";
import type { Digest } from "../platform/digest.ts";
import type { Pair } from "../platform/headers.ts";
import { andThen, type MaybePromise } from "../platform/lazy.ts";
import { formatAmzDate } from "./amz_date.ts";
import {
  canonicalPairs,
  canonicalRequest,
  signedHeaders,
  type SigningRequest,
} from "./canonical_request.ts";
import { credentialScope, type Scope, signingKey } from "./signing_key.ts";

/** The algorithm name in every signature. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

/** A request that is ready to be signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  /** The headers to sign, without `host` and those of an earlier signature. */
  readonly headers: readonly Pair[];
  /** Hexadecimal SHA-256 of the body, or a literal such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/** The identity, scope, time and digest of a signature. */
export interface Signing {
  readonly identity: AwsCredentialIdentity;
  readonly scope: Scope;
  /** In the format of {@link formatAmzDate}. */
  readonly dateTime: string;
  readonly digest: Digest;
}

/** The same, with the time in milliseconds since 1970. */
export interface SigningNow extends Omit<Signing, "dateTime"> {
  readonly now: number;
}

/**
 * Normalizes a query so that signers and services agree on it: some read a bare `+` as a space,
 * others do not, and they differ on a `%` that encodes nothing and on
 * empty pairs.
 *
 * @see https://github.com/curl/curl/issues/20543
 */
export function normalizeQuery(url: string): string {
  if (!url.includes("?")) return url;
  const spelled = new URL(url);
  const query = spelled.search.replaceAll("+", "%20").replace(/%(?![0-9a-f]{2})/gi, "%25")
    .replace(/&{2,}/g, "&").replace(/^\?&/, "?").replace(/&$/, "");
  if (query === spelled.search) return url;
  spelled.search = query;
  return spelled.href;
}

/** Signs a request in its headers; returns the headers to add, `SIGNATURE_HEADERS`. */
export function signHeaders(
  { method, url, headers, payloadHash }: UnsignedRequest,
  { now, ...by }: SigningNow,
): MaybePromise<Pair[]> {
  const signing: Signing = { ...by, dateTime: formatAmzDate(now) };
  const { identity, dateTime } = signing;
  const added: Pair[] = [["x-amz-content-sha256", payloadHash], ["x-amz-date", dateTime]];
  if (identity.sessionToken) added.push(["x-amz-security-token", identity.sessionToken]);

  const request: SigningRequest = {
    method: method.toUpperCase(),
    path: url.pathname,
    query: url.search ? [...url.searchParams] : [],
    headers: canonicalPairs([["host", url.host], ...headers, ...added]),
    payloadHash,
  };
  return andThen(
    signature(request, signing),
    (signed) => [...added, ["authorization", authorization(request, signing, signed)]],
  );
}

/**
 * Signs a request in its query.
 *
 * @returns Pairs still to be encoded: those of {@link signingQuery}, and `X-Amz-Signature`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function presignQuery(
  request: SigningRequest,
  signing: Signing,
  expiresInSeconds: number,
): Promise<Pair[]> {
  const query = signingQuery(request, signing, expiresInSeconds);
  const signed = await signature({ ...request, query }, signing);
  return [...query, ["X-Amz-Signature", signed]];
}

/** Builds the query to sign. */
export function signingQuery(
  { query, headers }: SigningRequest,
  signing: Signing,
  expiresInSeconds: number,
): Pair[] {
  const { sessionToken } = signing.identity;
  const pairs: Pair[] = [
    ...query,
    ["X-Amz-Algorithm", ALGORITHM],
    ["X-Amz-Credential", credential(signing)],
    ["X-Amz-Date", signing.dateTime],
    ["X-Amz-SignedHeaders", signedHeaders(headers)],
    ["X-Amz-Expires", `${expiresInSeconds}`],
  ];
  return sessionToken ? [...pairs, ["X-Amz-Security-Token", sessionToken]] : pairs;
}

/** Formats the value of the `Authorization` header. */
export function authorization(
  { headers }: SigningRequest,
  signing: Signing,
  signed: string,
): string {
  return `${ALGORITHM} Credential=${credential(signing)}, ` +
    `SignedHeaders=${signedHeaders(headers)}, Signature=${signed}`;
}

/** Formats the `Credential` of a signature: access key id and scope. */
export function credential({ identity, scope, dateTime }: Signing): string {
  return `${identity.accessKeyId}/${credentialScope(dateTime.slice(0, 8), scope)}`;
}

/** Computes the signature of a request, in hexadecimal. */
export function signature(
  request: SigningRequest,
  { identity, scope, dateTime, digest }: Signing,
): MaybePromise<string> {
  const hashing = digest.sha256(canonicalRequest(request));
  const key = signingKey(identity, dateTime.slice(0, 8), scope, digest);
  return andThen(
    hashing,
    (hash) => andThen(key, (sign) => sign(stringToSign(hash, dateTime, scope))),
  );
}

/** Formats the string to sign, from the hash of a canonical request. */
export function stringToSign(hash: string, dateTime: string, scope: Scope): string {
  return [ALGORITHM, dateTime, credentialScope(dateTime.slice(0, 8), scope), hash].join("\n");
}
