import { KEY_HOST, SHORT_TERM_PREFIX, SIGNED_URL } from "../auth/api_key.ts";
import { isRefresh } from "../auth/callback.ts";
import { cacheUntilExpiry, REFRESH_BEFORE_MS } from "../auth/credential_cache.ts";
import type { IdentityProperties, ResolveIdentity } from "../auth/credentials.ts";
import type { Renewal } from "../auth/plan.ts";
import { BedrockError } from "../errors.ts";
import type { AwsCredentialIdentity } from "../options.ts";
import { withDeadline } from "../platform/deadline.ts";
import type { Digest } from "../platform/digest.ts";
import type { Platform } from "../platform/platform.ts";
import { formatAmzDate } from "../sigv4/amz_date.ts";
import { canonicalQueryString } from "../sigv4/canonical_request.ts";
import { presignQuery } from "../sigv4/sign.ts";

/** A short-term API key, which is a signature and needs no request to AWS. */
export interface ShortTermKey {
  /** The API key, which is a secret. */
  readonly key: string;
  /** The only region the key is valid in. */
  readonly region: string;
  /** The expiry of the key. */
  readonly expiration: Date;
}

/** The AWS credentials, region and lifetime for minting keys. */
export interface MintPlan {
  readonly identity: ResolveIdentity;
  readonly renewal: Renewal;
  readonly region: string;
  readonly expiresInSeconds: number;
}

/** The two ways to get a key of the same plan. */
export interface Minter {
  /** Mints a new key. */
  readonly mint: () => Promise<ShortTermKey>;
  /** Returns the last key, unless it expires soon or the credentials have changed. */
  readonly reuse: (properties?: IdentityProperties) => Promise<ShortTermKey>;
}

/** Creates a minter of keys, which looks up the credentials each time. */
export function createMinter(
  { identity: lookUp, renewal, region, expiresInSeconds }: MintPlan,
  platform: Platform,
): Minter {
  const { now, lookupLimitMs } = platform;
  const mint = async (identity: AwsCredentialIdentity) => {
    const terms = { expiresInSeconds, now: now(), digest: await platform.digest() };
    return await mintShortTermKey(identity, region, terms);
  };

  let last: { readonly identity: AwsCredentialIdentity; readonly minted: ShortTermKey } | undefined;
  const current = async (properties?: IdentityProperties): Promise<ShortTermKey> => {
    const identity = await lookUp({ ...properties, region });
    const isDue = last?.identity !== identity || isRefresh(properties) ||
      now() >= last.minted.expiration.getTime() - REFRESH_BEFORE_MS;
    if (!isDue) return last!.minted;
    const minted = await mint(identity);
    last = { identity, minted };
    return minted;
  };
  return {
    mint: async () => await mint(await withDeadline(() => lookUp({ region }), [], lookupLimitMs)),
    // Looks up the credentials every time, as they may have changed
    reuse: renewal === "per caller"
      ? (properties) => withDeadline(() => current(properties), [], lookupLimitMs)
      : cacheUntilExpiry(current, platform, Infinity),
  };
}

/** The start and lifetime of a key. */
export interface Terms {
  readonly expiresInSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly digest: Digest;
}

/**
 * Mints a key, byte for byte as AWS's `@aws/bedrock-token-generator` does: a presigned URL without
 * its scheme, with an unsigned version, in Base64. It expires no later than the credentials behind
 * it.
 *
 * @throws {BedrockError} `credentials_invalid` if the credentials have expired
 */
export async function mintShortTermKey(
  identity: AwsCredentialIdentity,
  region: string,
  { expiresInSeconds, now, digest }: Terms,
): Promise<ShortTermKey> {
  // A key has whole seconds only
  const issued = Math.floor(now / 1000);
  const life = Math.min(expiresInSeconds, secondsLeft(identity, issued));
  const request = {
    method: "POST",
    path: "/",
    query: [["Action", "CallWithBearerToken"]] as const,
    headers: [["host", KEY_HOST]] as const,
    payloadHash: await digest.sha256(""),
  };
  const scope = { region, service: "bedrock" };
  const signing = { identity, scope, dateTime: formatAmzDate(issued * 1000), digest };
  const query = await presignQuery(request, signing, life);
  const url = `${SIGNED_URL}${canonicalQueryString(query)}&Version=1`;
  const expiration = new Date((issued + life) * 1000);
  return { key: SHORT_TERM_PREFIX + btoa(url), region, expiration };
}

function secondsLeft({ expiration }: AwsCredentialIdentity, issued: number): number {
  if (!expiration) return Infinity;
  const left = Math.floor(expiration.getTime() / 1000) - issued;
  if (left > 0) return left;
  throw new BedrockError(
    "credentials_invalid",
    `Cannot mint a key: the AWS credentials expired at ${expiration.toISOString()}. ` +
      "Renew them, or correct the clock of this machine",
  );
}
