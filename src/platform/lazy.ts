/** A value that is at hand, or the promise of one: waiting for the former costs next to nothing. */
export type MaybePromise<T> = T | Promise<T>;

/** Tells a promise. Not by `instanceof`: where a library replaces `Promise`, there are two kinds. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | undefined | null)?.then === "function";
}

/** Continues with a value: at once if it is at hand. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Loads a module on first use and keeps it. A load that fails is tried again on the next use. */
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
