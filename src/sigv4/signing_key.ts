import type { AwsCredentialIdentity } from "../options.ts";
import { fromHex, utf8 } from "../platform/bytes.ts";
import type { Digest, Hmac } from "../platform/digest.ts";
import type { MaybePromise } from "../platform/lazy.ts";

/** The region and service that a signing key is valid for. */
export interface Scope {
  readonly region: string;
  readonly service: string;
}

/** Formats a scope: `<date>/<region>/<service>/aws4_request`. */
export function credentialScope(date: string, { region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/**
 * The latest key of each identity object: no secret is a map key, and entries are garbage-collected
 * with their credentials. One key each is enough, as a client has one region and service.
 */
const latest = new WeakMap<AwsCredentialIdentity, Cached>();

interface Cached {
  readonly scope: string;
  readonly digest: Digest;
  /** A promise until it is derived. */
  key: MaybePromise<Hmac>;
}

/** Derives the signing key of a day, region and service, or returns the cached one. */
export function signingKey(
  identity: AwsCredentialIdentity,
  date: string,
  scope: Scope,
  digest: Digest,
): MaybePromise<Hmac> {
  const wanted = credentialScope(date, scope);
  const cached = latest.get(identity);
  if (cached?.scope === wanted && cached.digest === digest) return cached.key;
  const key = deriveSigningKey(identity.secretAccessKey, date, scope, digest);
  const fresh: Cached = { scope: wanted, digest, key };
  latest.set(identity, fresh);
  key.then((key) => fresh.key = key, () => latest.delete(identity));
  return key;
}

async function deriveSigningKey(
  secretAccessKey: string,
  date: string,
  { region, service }: Scope,
  digest: Digest,
): Promise<Hmac> {
  let key = await digest.hmac(utf8(`AWS4${secretAccessKey}`));
  for (const part of [date, region, service, "aws4_request"]) {
    key = await digest.hmac(fromHex(await key(part)));
  }
  return key;
}
