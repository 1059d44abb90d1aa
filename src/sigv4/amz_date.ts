/** Formats a time for `x-amz-date`: `YYYYMMDDTHHMMSSZ` in UTC. */
export function formatAmzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Parses an `x-amz-date` to milliseconds since 1970; `NaN` if it is invalid. */
export function parseAmzDate(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5");
  const time = Date.parse(iso);
  // `Date` accepts other formats too, and on some runtimes dates such as February 30
  return Number.isNaN(time) || formatAmzDate(time) !== text ? NaN : time;
}
