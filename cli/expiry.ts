const MINUTE = 60_000;

/** An instant for a person: as a text, and how far off it is. */
export function expiry(expiration: Date, now: number): [instant: string, distance: string] {
  const left = expiration.getTime() - now;
  return [expiration.toISOString(), left < 0 ? "it has passed" : `in ${duration(left)}`];
}

/** Minting takes a moment, so the nearest minute is meant. */
function duration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  const parts = [counted(Math.floor(minutes / 60), "hour"), counted(minutes % 60, "minute")];
  return parts.filter(Boolean).join(" and ") || "less than a minute";
}

function counted(count: number, unit: string): string {
  return count === 0 ? "" : `${count} ${unit}${count === 1 ? "" : "s"}`;
}
