import type { AdjustableClock } from "./clock.ts";
import type { AuthorizedRequest } from "./request.ts";
import { parseAmzDate } from "./sigv4/amz_date.ts";

/** What a `Date` header, which has no fractions, and the way of an answer cannot tell apart. */
const INEXACT_MS = 60_000;

/** A clock that is further off is taken for a wrong header. */
const FURTHEST_MS = 24 * 60 * 60_000;

/**
 * Sets a clock by an answer, and tells whether the request was signed for another time. It believes
 * the `Date` header of an answer that came over https and from no cache: what a cache has kept would
 * set it wrong (aws-sdk-js-v3 issue 6202).
 */
export function adjust(
  clock: AdjustableClock,
  { headers }: Response,
  sent: Pick<AuthorizedRequest, "url" | "headers">,
): boolean {
  const time = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(time) || headers.has("age") || !sent.url.startsWith("https:")) return false;
  const offset = time - clock.machine();
  if (Math.abs(offset) > FURTHEST_MS) return false;
  // Another request may have set the clock since this one was signed
  const signedAt = parseAmzDate(sent.headers.get("x-amz-date") ?? "");
  if (Math.abs(time - signedAt) < INEXACT_MS) return false;
  clock.offset = offset;
  return true;
}
