import { within } from "../check.ts";

/** What hangs must not keep later cases from the time as it is. */
const LIMIT_MS = 5_000;

/** What `Date` was before any case replaced it. */
const RealDate = globalThis.Date;

/**
 * Lets a function find the time standing still at an instant, in milliseconds since 1970, until it
 * has settled.
 *
 * @param run Gets what moves the time to another instant.
 */
export async function atInstant<T>(
  instant: number,
  run: (moveTo: (instant: number) => void) => T | Promise<T>,
): Promise<T> {
  let now = instant;
  class StandingDate extends RealDate {
    constructor(...args: unknown[]) {
      super(...(args.length ? args : [now]) as [number]);
    }
    static override now(): number {
      return now;
    }
    // Dates from before are still dates
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof RealDate;
    }
  }
  const settled = async () => await run((instant) => now = instant);
  globalThis.Date = StandingDate as DateConstructor;
  try {
    return await within(LIMIT_MS, settled(), "The time stood still");
  } finally {
    globalThis.Date = RealDate;
  }
}
