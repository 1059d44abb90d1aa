const shifts: WeakMap<Request, number> = new WeakMap();

/** Has the server answer one request with its clock ahead by this, or behind where negative. */
export function shiftClock(request: Request, milliseconds: number): void {
  shifts.set(request, milliseconds);
}

/** A clock as one request is to find it. */
export function clockFor(request: Request, now: () => number): () => number {
  const shift = shifts.get(request) ?? 0;
  return () => now() + shift;
}
