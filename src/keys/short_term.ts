import type { AwsCredentialIdentity } from "../credentials.ts";
import { type Digest, runtimeDigest } from "../digest.ts";
import { BedrockError } from "../errors.ts";
import { amzDate } from "../sigv4/amz_date.ts";
import { canonicalQueryString } from "../sigv4/canonical_request.ts";
import { presignedQuery } from "../sigv4/presign.ts";
import { KEY_HOST, SHORT_TERM_PREFIX, SIGNED_URL } from "./key_form.ts";

/** A key that AWS has not been asked for: it is a signature, made here. */
export interface ShortTermKey {
  /** The API key, which is a secret. */
  readonly key: string;
  /** The one region that the key is good for. */
  readonly region: string;
  /** When the key ends. */
  readonly expiration: Date;
}

/** How long a key is to be good for, from when. */
export interface Terms {
  readonly expiresInSeconds: number;
  readonly now: number;
  readonly digest?: Digest;
}

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
  const query = await presignedQuery(
    {
      method: "POST",
      path: "/",
      query: [["Action", "CallWithBearerToken"]],
      headers: [["host", KEY_HOST]],
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
