import type { Pair } from "../platform/headers.ts";
import { signedHeaders, type SigningRequest } from "./canonical_request.ts";
import { ALGORITHM, credential, signature, type Signing } from "./sign.ts";

/**
 * Signs a request in its query.
 *
 * @returns Pairs still to be encoded: the request's own, what {@link signingQuery} adds, and
 * `X-Amz-Signature`.
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

/** Builds the query as it is signed. */
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
