/** A clock that can be set right by what a service says of the time. */
export interface AdjustableClock {
  /** Milliseconds since 1970, as this machine counts them. */
  readonly machine: () => number;
  /** By how many milliseconds the service is ahead, so far as is known. */
  offset: number;
}

/** Milliseconds since 1970, as the service counts them. */
export function timeBy({ machine, offset }: AdjustableClock): number {
  return machine() + offset;
}
