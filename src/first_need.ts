import type { Soon } from "./soon.ts";

/**
 * Loads a module on first need, and has it at hand from then on. A load that fails is not
 * remembered: the next need tries again.
 */
export function onFirstNeed<T extends object>(load: () => Promise<T>): () => Soon<T> {
  let loaded: Soon<T> | undefined;
  return () =>
    loaded ??= load().then(
      (module) => loaded = module,
      (error: unknown) => {
        loaded = undefined;
        throw error;
      },
    );
}
