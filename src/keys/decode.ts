import { isRegion } from "../region.ts";
import { parseAmzDate } from "../sigv4/amz_date.ts";
import { LONGEST_SECONDS, SHORT_TERM_PREFIX, SIGNED_URL } from "./key_form.ts";

/** What a Bedrock API key says of itself; nothing in it is secret, and nothing of it is verified. */
export interface DecodedKey {
  /** Short-term keys are minted from AWS credentials; long-term ones are issued by IAM. */
  readonly kind: "short-term" | "long-term";
  /** The one region that a short-term key is good for. */
  readonly region: string | undefined;
  /** When a short-term key ends; credentials that end earlier take it with them. */
  readonly expiration: Date | undefined;
}

/**
 * Reads a Bedrock API key without a request.
 *
 * @param key An API key.
 * @returns What it says of itself, or `undefined` if it has the form of no known kind.
 *
 * @example Telling when a key ends
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
  const expiration = end(query.get("X-Amz-Date") ?? "", query.get("X-Amz-Expires") ?? "");
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

/** The region in `<access key id>/<date>/<region>/bedrock/aws4_request`. */
function scopedRegion(credential: string): string | undefined {
  const [, region] = /\/\d{8}\/([^/]+)\/bedrock\/aws4_request$/.exec(credential) ?? [];
  return region !== undefined && isRegion(region) ? region : undefined;
}

function end(dateTime: string, seconds: string): Date | undefined {
  const start = parseAmzDate(dateTime);
  const life = /^[1-9]\d{0,4}$/.test(seconds) ? Number(seconds) : Infinity;
  if (Number.isNaN(start) || life > LONGEST_SECONDS) return undefined;
  return new Date(start + life * 1000);
}
