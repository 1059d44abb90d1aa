import type { AwsCredentialIdentity } from "../credentials.ts";
import { utf8 } from "../bytes.ts";
import { hmacKey, hmacSha256 } from "../digest.ts";

/** What a signing key is good for. */
export interface Scope {
  readonly region: string;
  readonly service: string;
}

/** `<date>/<region>/<service>/aws4_request` */
export function credentialScope(date: string, { region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/**
 * The latest key of each identity. Keyed by the identity object, so that no secret serves as a
 * key and entries go when their credentials do; one each, as a client has one region and service.
 */
const latest = new WeakMap<AwsCredentialIdentity, { scope: string; key: Promise<CryptoKey> }>();

/** Derives the signing key of a day, region and service, or takes the cached one. */
export function signingKey(
  identity: AwsCredentialIdentity,
  date: string,
  scope: Scope,
): Promise<CryptoKey> {
  const wanted = credentialScope(date, scope);
  const cached = latest.get(identity);
  if (cached?.scope === wanted) return cached.key;
  const key = deriveSigningKey(identity.secretAccessKey, date, scope);
  latest.set(identity, { scope: wanted, key });
  key.catch(() => latest.delete(identity));
  return key;
}

async function deriveSigningKey(
  secretAccessKey: string,
  date: string,
  { region, service }: Scope,
): Promise<CryptoKey> {
  let key = await hmacKey(utf8(`AWS4${secretAccessKey}`));
  for (const part of [date, region, service, "aws4_request"]) {
    key = await hmacKey(await hmacSha256(key, part));
  }
  return key;
}
