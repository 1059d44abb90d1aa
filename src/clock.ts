/** A clock that can be set right. */
export interface AdjustableClock {
  /** Milliseconds since 1970, as the service counts them so far as is known. */
  now(): number;
  /** Sets it to the time of the service. */
  set(time: number): void;
  /** What this machine says, whatever it was set to. */
  readonly ofMachine: () => number;
}

/** Makes a clock of this machine's. */
export function adjustableClock(ofMachine: () => number): AdjustableClock {
  let offset = 0;
  return {
    ofMachine,
    now: () => ofMachine() + offset,
    set(time) {
      offset = time - ofMachine();
    },
  };
}
