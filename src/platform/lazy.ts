/** A value, or a promise of one; a plain value saves the cost of waiting. */
export type MaybePromise<T> = T | Promise<T>;

/** Recognizes promises. Not by `instanceof`, as a library may have replaced `Promise`. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | undefined | null)?.then === "function";
}

/** Continues with a value, at once if it is not a promise. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Loads a module on first use and keeps it. A failed load is retried on the next use. */
export function lazy<T extends object>(load: () => Promise<T>): () => MaybePromise<T> {
  let loaded: MaybePromise<T> | undefined;
  return () =>
    loaded ??= load().then(
      (module) => loaded = module,
      (error: unknown) => {
        loaded = undefined;
        throw error;
      },
    );
}
