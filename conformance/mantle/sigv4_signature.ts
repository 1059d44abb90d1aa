import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsV4Signer } from "aws4fetch";

import { invalid } from "./errors.ts";
import type { Received } from "./exchange.ts";
import type { SigV4Claim } from "./sigv4_claim.ts";
import { formatAmzDate } from "./sigv4_time.ts";

type Signer = (
  received: Received,
  claim: SigV4Claim,
  time: number,
  secretAccessKey: string,
) => Promise<string>;

/**
 * Computes the signature that a received request should carry, with signers that are not ours.
 *
 * Details that a `Request` loses cannot be verified: dot segments in the path, and headers that were
 * sent on several lines.
 */
export const expectedSignature: Signer = (received, claim, time, secretAccessKey) => {
  const names = [...received.url.searchParams.keys()];
  if (smithyCanSign(names, claim)) return smithySignature(received, claim, time, secretAccessKey);
  // aws4fetch drops such a parameter, so a change to it would go unnoticed
  if (names.includes("")) throw invalid("Query parameters must have a name");
  return aws4fetchSignature(received, claim, time, secretAccessKey);
};

// Smithy loses `__proto__` in its map, skips `x-amz-signature` and replaces a signed `date`
function smithyCanSign(names: readonly string[], claim: SigV4Claim): boolean {
  const skipped = names.some((name) => /^(?:__proto__|x-amz-signature)$/i.test(name));
  return !skipped && !claim.signedHeaders.includes("date");
}

const smithySignature: Signer = async (received, claim, time, secretAccessKey) => {
  const { method, url, body } = received;
  const { accessKeyId, region, service, signedHeaders } = claim;
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) {
    if (Object.hasOwn(query, name)) query[name]!.push(value);
    else query[name] = [value];
  }
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const headers = Object.fromEntries(signedPairs(received, claim));
  const { protocol, hostname, pathname: path } = url;
  const signed = await signer.sign({ method, protocol, hostname, path, query, headers, body }, {
    signingDate: new Date(time),
    signableHeaders: new Set(signedHeaders),
  });
  return signed.headers.authorization!.split("Signature=")[1]!;
};

const aws4fetchSignature: Signer = (received, claim, time, secretAccessKey) => {
  const { method, body } = received;
  const { accessKeyId, region, service } = claim;
  const url = new URL(received.url);
  // A Host without a port would otherwise inherit the port of the URL
  url.port = "";
  url.host = hostOf(received);
  return new AwsV4Signer({
    method,
    url: url.href,
    headers: signedPairs(received, claim),
    body,
    accessKeyId,
    secretAccessKey,
    region,
    service,
    datetime: formatAmzDate(time),
    allHeaders: true,
  }).signature();
};

/** Lists the signed headers; one that did not arrive counts as empty, as in the canonical request. */
function signedPairs(received: Received, claim: SigV4Claim): [string, string][] {
  return claim.signedHeaders.map((name) => [
    name,
    name === "host" ? hostOf(received) : received.headers.get(name) ?? "",
  ]);
}

// A Request that was created in the process has no Host header
function hostOf({ headers, url }: Received): string {
  return headers.get("host") ?? url.host;
}
