import { mismatch } from "./errors.ts";
import type { SignatureRefusal } from "./errors.ts";

const SKEW_MS = 5 * 60_000;

/** Formats a time as an `x-amz-date`, such as `20260612T041911Z`. */
export function formatAmzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Parses an `x-amz-date`; `undefined` if there is no such time. */
export function parseAmzDate(text: string): number | undefined {
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.map(Number) ?? [];
  if (y === undefined) return undefined;
  const time = Date.UTC(y, mo! - 1, d, h, mi, s);
  return formatAmzDate(time) === text ? time : undefined;
}

/** Refuses a signature that has expired or is not yet valid, with a tolerance of five minutes. */
export function checkTime(from: number, until: number, now: number): void {
  if (until < now - SKEW_MS) throw signatureExpired(until, now);
  // Assumed: the message, which other AWS services use
  if (from > now + SKEW_MS) {
    const [signed, current] = [formatAmzDate(from), formatAmzDate(now)];
    const limit = formatAmzDate(now + SKEW_MS);
    throw mismatch(
      `Signature not yet current: ${signed} is still later than ${limit} (${current} + 5 min.)`,
    );
  }
}

/** Refuses an expired signature. Observed: openai/codex pull request 28992. */
export function signatureExpired(time: number, now: number): SignatureRefusal {
  const [signed, current] = [formatAmzDate(time), formatAmzDate(now)];
  const limit = formatAmzDate(now - SKEW_MS);
  return mismatch(
    `Signature expired: ${signed} is now earlier than ${limit} (${current} - 5 min.)`,
  );
}
