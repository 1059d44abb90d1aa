/** A clock that can be set right by what a service says of the time. */
export interface AdjustableClock {
  /** Milliseconds since 1970, as the service counts them so far as is known. */
  now(): number;
  /** Takes the time of an answer, and tells whether that changed anything. */
  adjust(answer: Response, url: string): boolean;
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
    adjust({ headers }, url) {
      const time = Date.parse(headers.get("date") ?? "");
      if (Number.isNaN(time) || headers.has("age") || !url.startsWith("https:")) return false;
      const found = time - now();
      if (Math.abs(found) > FURTHEST_MS || Math.abs(found - offset) < INEXACT_MS) return false;
      offset = found;
      return true;
    },
  };
}
