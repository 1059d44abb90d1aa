import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

import type { KnownCredential } from "./known_credential.ts";
import { KEY_HOST } from "./short_term_key.ts";

/** The scope and validity of a short-term key. */
export interface KeyTerms {
  readonly region: string;
  /** The time it is created, in milliseconds since 1970. */
  readonly time: number;
  readonly expiresInSeconds: number;
}

/** Presigns the query of a short-term key with AWS's own signer, independently of ours. */
export async function presignedKeyQuery(
  { accessKeyId, secretAccessKey, sessionToken }: KnownCredential,
  { region, time, expiresInSeconds }: KeyTerms,
): Promise<Readonly<Record<string, string>>> {
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    region,
    service: "bedrock",
    sha256: Sha256,
  });
  const { query } = await signer.presign({
    method: "POST",
    protocol: "https:",
    hostname: KEY_HOST,
    path: "/",
    query: { Action: "CallWithBearerToken" },
    headers: { host: KEY_HOST },
  }, { signingDate: new Date(time), expiresIn: expiresInSeconds });
  return query as Record<string, string>;
}
