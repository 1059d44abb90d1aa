/** What may be at hand or come later; to wait for the former costs next to nothing. */
export type Soon<T> = T | Promise<T>;

/** Not by `instanceof`: where a library has replaced `Promise`, async functions return another kind. */
export function isLater<T>(found: Soon<T>): found is Promise<T> {
  return typeof (found as Partial<Promise<T>> | undefined | null)?.then === "function";
}

/** Goes on with what is found, at once where it is at hand. */
export function onceFound<T, U>(found: Soon<T>, next: (found: T) => Soon<U>): Soon<U> {
  return isLater(found) ? found.then(next) : next(found);
}
