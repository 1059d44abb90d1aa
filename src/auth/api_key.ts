import type { Endpoint } from "../endpoint/endpoint.ts";
import { parseCanonicalHost } from "../endpoint/hosts.ts";
import { isRegion } from "../endpoint/region.ts";
import { BedrockError } from "../errors.ts";
import { MAX_KEY_SECONDS } from "../options.ts";
import { isText } from "../options/rules.ts";
import { parseAmzDate } from "../sigv4/amz_date.ts";

/** The beginning of every short-term key. */
export const SHORT_TERM_PREFIX = "bedrock-api-key-";

/** The host in every short-term key, for every region and both endpoint families. */
export const KEY_HOST = "bedrock.amazonaws.com";

/** The beginning of every signed URL in a key. */
export const SIGNED_URL = `${KEY_HOST}/?`;

/**
 * Refuses a token that cannot be a header value, without ever quoting it: a runtime's own
 * `TypeError` would (openai-node issue 2419).
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
    throw invalid(source, 'begins with "Bearer ". Leave that word out');
  }
  return token;
}

function invalid(source: string, problem: string): BedrockError {
  return new BedrockError("credentials_invalid", `The token from ${source} ${problem}`);
}

/** What a Bedrock API key says about itself; nothing in it is secret, and nothing is verified. */
export interface DecodedKey {
  /** Short-term keys are minted from AWS credentials; long-term ones are issued by IAM. */
  readonly kind: "short-term" | "long-term";
  /** The one region that a short-term key is valid in. */
  readonly region: string | undefined;
  /** When a short-term key expires; it expires earlier if its credentials do. */
  readonly expiration: Date | undefined;
}

/**
 * Reads a Bedrock API key without a request.
 *
 * @param key An API key.
 * @returns What it says about itself, or `undefined` if it has the form of no known kind.
 *
 * @example Telling when a key expires
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
  const region = scopedRegion(query.get("X-Amz-Credential") ?? "");
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
function scopedRegion(credential: string): string | undefined {
  const [, region] = /\/\d{8}\/([^/]+)\/bedrock\/aws4_request$/.exec(credential) ?? [];
  return region !== undefined && isRegion(region) ? region : undefined;
}

function readExpiry(dateTime: string, seconds: string): Date | undefined {
  const start = parseAmzDate(dateTime);
  const life = /^[1-9]\d{0,4}$/.test(seconds) ? Number(seconds) : Infinity;
  if (Number.isNaN(start) || life > MAX_KEY_SECONDS) return undefined;
  return new Date(start + life * 1000);
}

/** Finds the region that a key must be for; unknown for a custom host, unless the option names it. */
export function certainRegion({ baseURL, region, sources }: Endpoint): string | undefined {
  const isCanonical = parseCanonicalHost(new URL(baseURL).hostname) !== undefined;
  // A variable may be set for something else
  return isCanonical || sources.region === "`region`" ? region : undefined;
}

/**
 * Refuses a short-term key of another region before it is sent.
 *
 * @throws {BedrockError} `region_mismatch`
 */
export function assertKeyRegion(token: string, source: string, region: string): void {
  const keyRegion = decodeKey(token)?.region;
  if (keyRegion === undefined || keyRegion === region) return;
  throw new BedrockError(
    "region_mismatch",
    `The short-term key from ${source} is valid in ${keyRegion} only, and the endpoint is in ` +
      `${region}. Mint a key for ${region}, or set {region} to ${keyRegion}`,
    { option: "region" },
  );
}
