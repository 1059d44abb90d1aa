import type { AwsCredentialIdentity } from "../credentials.ts";
import { type Digest, runtimeDigest } from "../digest.ts";
import { BedrockError } from "../errors.ts";
import { amzDate } from "../sigv4/amz_date.ts";

/** A key that AWS has not been asked for: it is a signature, made here. */
export interface ShortTermKey {
  /** The API key, which is a secret. */
  readonly key: string;
  /** The one region that the key is good for. */
  readonly region: string;
  /** When the key ends. */
  readonly expiration: Date;
}

/** What every short-term key begins with. */
export const SHORT_TERM_PREFIX = "bedrock-api-key-";

/** How long a key is to be good for, from when. */
export interface Terms {
  readonly expiresInSeconds: number;
  readonly now: number;
  readonly digest?: Digest;
}

/** The longest life that AWS grants. */
export const LONGEST_SECONDS = 12 * 60 * 60;

/** The same host for every region and for both endpoint families. */
const HOST = "bedrock.amazonaws.com";

/** What every signed URL in a key begins with. */
export const SIGNED_URL = `${HOST}/?`;

/**
 * Mints a key, byte for byte as AWS's `@aws/bedrock-token-generator` does: a presigned URL without
 * its scheme, marked with a version that is not signed, in Base64. It ends no later than the
 * credentials behind it.
 *
 * @throws {BedrockError} `credentials_invalid` where they have ended already
 */
export async function mintShortTermKey(
  identity: AwsCredentialIdentity,
  region: string,
  { expiresInSeconds, now, digest = runtimeDigest() }: Terms,
): Promise<ShortTermKey> {
  // A key tells whole seconds only
  const issued = Math.floor(now / 1000);
  const life = Math.min(expiresInSeconds, secondsLeft(identity, issued));
  const { canonicalQueryString } = await import("../sigv4/canonical_request.ts");
  const { presignedQuery } = await import("../sigv4/presign.ts");
  const query = await presignedQuery(
    {
      method: "POST",
      path: "/",
      query: [["Action", "CallWithBearerToken"]],
      headers: [["host", HOST]],
      payloadHash: await digest.sha256(""),
    },
    identity,
    { region, service: "bedrock" },
    { dateTime: amzDate(issued * 1000), expiresInSeconds: life },
    digest,
  );
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
    `The AWS credentials ended at ${expiration.toISOString()}, and so would a key. ` +
      "Renew them, or set the clock of this machine right",
  );
}
