import type { AuthorizedRequest } from "./request.ts";
import { parseAmzDate } from "./sigv4/amz_date.ts";

/** A clock that can be set right by what a service says of the time. */
export interface AdjustableClock {
  /** Milliseconds since 1970, as the service counts them so far as is known. */
  now(): number;
  /** Takes the time of an answer, and tells whether the request was signed for another. */
  adjust(answer: Response, sent: Pick<AuthorizedRequest, "url" | "headers">): boolean;
}

/** What a `Date` header, which has no fractions, and the way of an answer cannot tell apart. */
const INEXACT_MS = 60_000;

/** A clock that is further off is taken for a wrong header. */
const FURTHEST_MS = 24 * 60 * 60_000;

/**
 * Makes a clock of another. It believes the `Date` header of an answer that came over https and
 * from no cache: what a cache has kept would set it wrong (aws-sdk-js-v3 issue 6202).
 */
export function adjustableClock(now: () => number): AdjustableClock {
  let offset = 0;
  return {
    now: () => now() + offset,
    adjust({ headers }, sent) {
      const time = Date.parse(headers.get("date") ?? "");
      if (Number.isNaN(time) || headers.has("age") || !sent.url.startsWith("https:")) return false;
      if (Math.abs(time - now()) > FURTHEST_MS) return false;
      // Another request may have set the clock since this one was signed
      const signedAt = parseAmzDate(sent.headers.get("x-amz-date") ?? "");
      if (Math.abs(time - signedAt) < INEXACT_MS) return false;
      offset = time - now();
      return true;
    },
  };
}
