import { Hash } from "@smithy/hash-node";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsV4Signer } from "aws4fetch";
import { type Digest, fastestDigest, webDigest } from "../src/platform/digest.ts";
import { isSignable, type Pair } from "../src/platform/headers.ts";
import { signHeaders } from "../src/sigv4/sign.ts";
import {
  AWS4FETCH,
  IDENTITY,
  MODEL,
  ORIGIN,
  OURS,
  OURS_WEB_CRYPTO,
  REGION,
  SMITHY,
} from "./subjects.ts";

/** The headers of a signed request, in the form that a signer has for them. */
export type Signed = Headers | Readonly<Record<string, string>> | readonly Pair[];

/** The URL that every signer signs for. */
export const URL_TO_SIGN = `${ORIGIN}/openai/v1/responses`;

const SERVICE = "bedrock-mantle";
const HEADERS = { accept: "application/json", "content-type": "application/json" };
const PAIRS: readonly Pair[] = Object.entries(HEADERS);

/** Creates a body of this length, as a client of OpenAI sends it. */
export function bodyOf(bytes: number, model = MODEL): string {
  const frame = JSON.stringify({ model, input: "" });
  return JSON.stringify({ model, input: "x".repeat(bytes - frame.length) });
}

/** Ways to sign a request with this body; each keeps its signing key, where it can. */
export function signers(body: string): Record<string, () => Promise<Signed>> {
  return {
    [OURS]: ours(body, fastestDigest()),
    [OURS_WEB_CRYPTO]: ours(body, webDigest),
    [SMITHY]: smithy(body),
    [AWS4FETCH]: aws4fetch(body),
  };
}

/**
 * Creates a signer with its own identity, as a signing key is cached for the latest digest of
 * each.
 */
function ours(body: string, digest: Digest): () => Promise<Signed> {
  const identity = { ...IDENTITY };
  const scope = { region: REGION, service: SERVICE };
  return async () => {
    const payloadHash = await digest.sha256(body);
    const headers = PAIRS.filter(isSignable);
    const request = { method: "POST", url: new URL(URL_TO_SIGN), headers, payloadHash };
    const added = await signHeaders(request, { identity, scope, now: Date.now(), digest });
    return [...PAIRS, ...added];
  };
}

/** Creates a signer as the official provider does. */
function smithy(body: string): () => Promise<Signed> {
  const sha256 = Hash.bind(null, "sha256");
  const signer = new SignatureV4({
    credentials: IDENTITY,
    region: REGION,
    service: SERVICE,
    sha256: sha256 as never,
  });
  return async () => {
    const { protocol, host, hostname, pathname: path } = new URL(URL_TO_SIGN);
    const headers = { ...HEADERS, host };
    const signed = await signer.sign({ method: "POST", protocol, hostname, path, headers, body });
    return signed.headers;
  };
}

/** Creates a signer with a cache of signing keys, as its clients have. */
function aws4fetch(body: string): () => Promise<Signed> {
  const cache = new Map<string, ArrayBuffer>();
  const scope = { region: REGION, service: SERVICE, cache };
  return async () => {
    const request = { method: "POST", url: URL_TO_SIGN, headers: HEADERS, body };
    const { headers } = await new AwsV4Signer({ ...request, ...IDENTITY, ...scope }).sign();
    return headers;
  };
}
