/** An instant for a person: as a text, and how far off it is. */
export function expiry(expiration: Date, now: number): [instant: string, distance: string] {
  const minutes = Math.round((expiration.getTime() - now) / 60_000);
  return [expiration.toISOString(), minutes < 0 ? "it has passed" : `in ${minutes} minutes`];
}
