const shifts: WeakMap<Request, number> = new WeakMap();

/** Shifts the server's clock for one request: ahead, or back if negative. */
export function shiftClock(request: Request, milliseconds: number): void {
  shifts.set(request, milliseconds);
}

/** Returns the clock for a request, with its shift. */
export function clockFor(request: Request, now: () => number): () => number {
  const shift = shifts.get(request) ?? 0;
  return () => now() + shift;
}
