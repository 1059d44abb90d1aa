/** Formats a time as `x-amz-date` has it: `YYYYMMDDTHHMMSSZ` in UTC. */
export function formatAmzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Parses an `x-amz-date` to milliseconds since 1970; `NaN` if it is not one. */
export function parseAmzDate(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5");
  const time = Date.parse(iso);
  // `Date` accepts other forms too, and on some runtimes a day that a month does not have
  return Number.isNaN(time) || formatAmzDate(time) !== text ? NaN : time;
}
