import type { AdjustableClock } from "../platform/platform.ts";
import { parseAmzDate } from "./amz_date.ts";

/** The smallest difference that counts: `Date` has whole seconds, and responses take time. */
const INEXACT_MS = 60_000;

/** A clock that is further off is taken for a wrong header. */
const MAX_OFFSET_MS = 24 * 60 * 60_000;

/**
 * Corrects a clock by a response, and tells whether the request was signed for another time. It trusts
 * the `Date` header of a response that came over https and from no cache: what a cache has kept would
 * set it wrong (aws-sdk-js-v3 issue 6202).
 */
export function adjustClock(
  clock: AdjustableClock,
  { headers }: Pick<Response, "headers">,
  sent: { readonly url: string; readonly headers: Headers },
): boolean {
  const time = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(time) || headers.has("age") || !sent.url.startsWith("https:")) return false;
  const offset = time - clock.machine();
  if (Math.abs(offset) > MAX_OFFSET_MS) return false;
  // Another request may have corrected the clock since this one was signed
  const signedAt = parseAmzDate(sent.headers.get("x-amz-date") ?? "");
  if (Math.abs(time - signedAt) < INEXACT_MS) return false;
  clock.offset = offset;
  return true;
}
