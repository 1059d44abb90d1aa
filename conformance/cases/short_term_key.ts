import type { Credentials } from "../case.ts";
import { KEY_HOST, SHORT_TERM_PREFIX } from "../mantle/short_term_key.ts";
import { type KeyTerms, presignedKeyQuery } from "../mantle/short_term_key_signature.ts";

export const HOUR_MS = 3_600_000;

/** Creates a short-term key with AWS's signer, independently of the subject. */
export async function shortTermKey(credentials: Credentials, terms: KeyTerms): Promise<string> {
  const query = Object.entries(await presignedKeyQuery(credentials, terms))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).sort().join("&");
  return SHORT_TERM_PREFIX + btoa(`${KEY_HOST}/?${query}&Version=1`);
}

/** Creates a key that is valid for 12 hours from now. */
export function freshKey(credentials: Credentials, region: string): Promise<string> {
  return shortTermKey(credentials, { region, time: Date.now(), expiresInSeconds: 43_200 });
}
