/** Loads a module on first need. A load that fails is not remembered: the next need tries again. */
export function onFirstNeed<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () =>
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
}
