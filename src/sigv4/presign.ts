import type { AwsCredentialIdentity } from "../credentials.ts";
import type { Digest } from "../digest.ts";
import type { Pair } from "../headers.ts";
import { signedHeaders, type SigningRequest } from "./canonical_request.ts";
import { ALGORITHM, credential, signature } from "./sign.ts";
import type { Scope } from "./signing_key.ts";

/** When a signature that travels in the query is made, and for how long it is good. */
export interface Validity {
  /** As `amzDate` writes it. */
  readonly dateTime: string;
  readonly expiresInSeconds: number;
}

/**
 * The query that authenticates a request by itself, as pairs still to be encoded: the caller's own,
 * what {@link signingQuery} adds, and `X-Amz-Signature`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function presignedQuery(
  request: SigningRequest,
  identity: AwsCredentialIdentity,
  scope: Scope,
  validity: Validity,
  digest: Digest,
): Promise<Pair[]> {
  const query = signingQuery(request, identity, scope, validity);
  const whole = { ...request, query };
  const signed = await signature(whole, identity, scope, validity.dateTime, digest);
  return [...query, ["X-Amz-Signature", signed]];
}

/** The query as it is signed. */
export function signingQuery(
  { query, headers }: SigningRequest,
  identity: AwsCredentialIdentity,
  scope: Scope,
  { dateTime, expiresInSeconds }: Validity,
): Pair[] {
  const { sessionToken } = identity;
  const pairs: Pair[] = [
    ...query,
    ["X-Amz-Algorithm", ALGORITHM],
    ["X-Amz-Credential", credential(identity, scope, dateTime)],
    ["X-Amz-Date", dateTime],
    ["X-Amz-SignedHeaders", signedHeaders(headers)],
    ["X-Amz-Expires", `${expiresInSeconds}`],
  ];
  return sessionToken ? [...pairs, ["X-Amz-Security-Token", sessionToken]] : pairs;
}
