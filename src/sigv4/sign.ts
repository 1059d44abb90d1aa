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

/** The name of the algorithm, as every signature states it. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

/** A request that is ready to be signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  /** Those to be signed, without those of an earlier signature and `host`. */
  readonly headers: readonly Pair[];
  /** Hexadecimal SHA-256 of the body, or a literal such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/** Who signs, for what, when and by which digest. */
export interface Signing {
  readonly identity: AwsCredentialIdentity;
  readonly scope: Scope;
  /** As {@link formatAmzDate} writes it. */
  readonly dateTime: string;
  readonly digest: Digest;
}

/** Who signs, for what and by which digest, at a time in milliseconds since 1970. */
export interface SigningNow extends Omit<Signing, "dateTime"> {
  readonly now: number;
}

/**
 * Spells a query so that every reader understands the same: signers and services disagree about a
 * bare `+`, which is signed as the space that it means in forms, about a `%` that encodes nothing, and
 * about empty pairs.
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

/** Signs a request; returns the headers to send with its own, `SIGNATURE_HEADERS`. */
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

/** Formats the value of the `Authorization` header. */
export function authorization(
  { headers }: SigningRequest,
  signing: Signing,
  signature: string,
): string {
  return `${ALGORITHM} Credential=${credential(signing)}, ` +
    `SignedHeaders=${signedHeaders(headers)}, Signature=${signature}`;
}

/** Formats who signs what for where, as a signature states it. */
export function credential({ identity, scope, dateTime }: Signing): string {
  return `${identity.accessKeyId}/${credentialScope(dateTime.slice(0, 8), scope)}`;
}

/** Computes the signature of a request, in hexadecimal. */
export function signature(
  request: SigningRequest,
  { identity, scope, dateTime, digest }: Signing,
): MaybePromise<string> {
  const hash = digest.sha256(canonicalRequest(request));
  const key = signingKey(identity, dateTime.slice(0, 8), scope, digest);
  return andThen(
    hash,
    (hash) => andThen(key, (sign) => sign(stringToSign(hash, dateTime, scope))),
  );
}

/** Formats the text that the signing key signs, from the hash of a canonical request. */
export function stringToSign(hash: string, dateTime: string, scope: Scope): string {
  return [ALGORITHM, dateTime, credentialScope(dateTime.slice(0, 8), scope), hash].join("\n");
}
