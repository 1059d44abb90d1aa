const MINUTE = 60_000;

/** Formats an expiry: the time, and the time left. */
export function formatExpiry(expiration: Date, now: number): [instant: string, distance: string] {
  const left = expiration.getTime() - now;
  return [expiration.toISOString(), left < 0 ? "expired" : `in ${formatDuration(left)}`];
}

/** Formats a duration, rounded to minutes: a key minted for 12 hours has 11:59:59 left. */
function formatDuration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  const parts = [
    formatCount(Math.floor(minutes / 60), "hour"),
    formatCount(minutes % 60, "minute"),
  ];
  return parts.filter(Boolean).join(" and ") || "less than a minute";
}

function formatCount(count: number, unit: string): string {
  return count === 0 ? "" : `${count} ${unit}${count === 1 ? "" : "s"}`;
}
