import type { Endpoint } from "../endpoint/endpoint.ts";
import { parseCanonicalHost } from "../endpoint/hosts.ts";
import { isRegion } from "../endpoint/region.ts";
import { BedrockError } from "../errors.ts";
import { MAX_KEY_SECONDS } from "../options.ts";
import { isText } from "../options/rules.ts";
import { parseAmzDate } from "../sigv4/amz_date.ts";

/** The prefix of every short-term key. */
export const SHORT_TERM_PREFIX = "bedrock-api-key-";

/** The host in every short-term key, whatever the region and endpoint family. */
export const KEY_HOST = "bedrock.amazonaws.com";

/** The start of the signed URL in every short-term key. */
export const SIGNED_URL = `${KEY_HOST}/?`;

/**
 * Refuses a token that cannot be a header value, without quoting it as a runtime's own `TypeError`
 * would (openai-node issue 2419).
 *
 * @throws {BedrockError} `credentials_invalid`
 */
export function readToken(token: unknown, source: string): string {
  if (!isText(token)) {
    throw invalid(source, "is blank or not a string. Pass a Bedrock API key");
  }
  if (/^\s|\s$|[^\t\x20-\x7e\x80-\xff]/.test(token)) {
    throw invalid(
      source,
      "has white space at an end or a character that no HTTP header can carry. Copy it again",
    );
  }
  if (/^bearer /i.test(token)) {
    throw invalid(source, 'starts with "Bearer ". Remove that word');
  }
  return token;
}

function invalid(source: string, problem: string): BedrockError {
  return new BedrockError("credentials_invalid", `The token from ${source} ${problem}`);
}

/** The facts that a Bedrock API key states about itself, unverified. None of them is secret. */
export interface DecodedKey {
  /** Short-term keys are minted from AWS credentials; long-term ones are issued by IAM. */
  readonly kind: "short-term" | "long-term";
  /** The only region a short-term key is valid in. */
  readonly region: string | undefined;
  /** The expiry of a short-term key, which ends earlier if its AWS credentials do. */
  readonly expiration: Date | undefined;
}

/**
 * Decodes a Bedrock API key, without a request.
 *
 * @param key An API key.
 * @returns Its kind, region and expiry, or `undefined` if it is not in a known format.
 *
 * @example When a key expires
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeKey, mintKey } from "@mantle/bedrock";
 *
 * const { key, expiration } = await mintKey({
 *   region: "us-west-2",
 *   accessKeyId: "AKIDEXAMPLE",
 *   secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
 * });
 * assert.deepEqual(decodeKey(key), { kind: "short-term", region: "us-west-2", expiration });
 * ```
 */
export function decodeKey(key: string): DecodedKey | undefined {
  if (typeof key !== "string") return undefined;
  if (/^ABSK[A-Za-z0-9+/]+=*$/.test(key)) {
    return { kind: "long-term", region: undefined, expiration: undefined };
  }
  const url = key.startsWith(SHORT_TERM_PREFIX) && fromBase64(key.slice(SHORT_TERM_PREFIX.length));
  if (!url || !url.startsWith(SIGNED_URL)) return undefined;
  const query = new URLSearchParams(url.slice(SIGNED_URL.length));
  const region = parseScopedRegion(query.get("X-Amz-Credential") ?? "");
  const expiration = readExpiry(query.get("X-Amz-Date") ?? "", query.get("X-Amz-Expires") ?? "");
  return region === undefined || expiration === undefined
    ? undefined
    : { kind: "short-term", region, expiration };
}

function fromBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

/** Reads the region in `<access key id>/<date>/<region>/bedrock/aws4_request`. */
function parseScopedRegion(credential: string): string | undefined {
  const [, region] = /\/\d{8}\/([^/]+)\/bedrock\/aws4_request$/.exec(credential) ?? [];
  return region !== undefined && isRegion(region) ? region : undefined;
}

function readExpiry(dateTime: string, seconds: string): Date | undefined {
  const start = parseAmzDate(dateTime);
  const life = /^[1-9]\d{0,4}$/.test(seconds) ? Number(seconds) : Infinity;
  if (Number.isNaN(start) || life > MAX_KEY_SECONDS) return undefined;
  return new Date(start + life * 1000);
}

/**
 * Finds the region that a key must be for; unknown for a custom host without the option `region`.
 */
export function findCertainRegion({ baseURL, region, sources }: Endpoint): string | undefined {
  const isCanonical = parseCanonicalHost(new URL(baseURL).hostname) !== undefined;
  // A variable may be meant for something else
  return isCanonical || sources.region === "`region`" ? region : undefined;
}

/**
 * Refuses a short-term key for another region before it is sent.
 *
 * @throws {BedrockError} `region_mismatch`
 */
export function assertKeyRegion(token: string, source: string, region: string): void {
  const keyRegion = decodeKey(token)?.region;
  if (keyRegion === undefined || keyRegion === region) return;
  throw new BedrockError(
    "region_mismatch",
    `The short-term key from ${source} is only valid in ${keyRegion}, but the endpoint is in ` +
      `${region}. Mint a key for ${region}, or set {region} to ${keyRegion}`,
    { option: "region" },
  );
}
