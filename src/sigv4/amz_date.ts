/** A time as `x-amz-date` says it: `YYYYMMDDTHHMMSSZ` in UTC. */
export function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** The time that an `x-amz-date` says, in milliseconds since 1970; `NaN` where it says none. */
export function parseAmzDate(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5");
  const time = Date.parse(iso);
  // `Date` reads other forms too, and some runtimes a day that a month does not have
  return Number.isNaN(time) || amzDate(time) !== text ? NaN : time;
}
