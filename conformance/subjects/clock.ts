import { within } from "../check.ts";

/** The time limit, so that a case that hangs does not leave a stopped clock to later ones. */
const LIMIT_MS = 5_000;

/** The platform's `Date`, taken before any case can replace it. */
const RealDate = globalThis.Date;

/**
 * Runs a function while the clock stands still.
 *
 * @param instant The time, in milliseconds since 1970.
 * @param run Receives a function that sets the clock to another time.
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
    // Dates from before the clock was stopped are still dates
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof RealDate;
    }
  }
  const settled = async () => await run((instant) => now = instant);
  globalThis.Date = StandingDate as DateConstructor;
  try {
    return await within(LIMIT_MS, settled(), "Run with a stopped clock");
  } finally {
    globalThis.Date = RealDate;
  }
}
