/** The timers, taken before any case can replace them. */
const { setTimeout, clearTimeout } = globalThis;

/** A claim that does not hold. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
}

/** Fails unless the condition is truthy. */
export function ok(condition: unknown, message: string): asserts condition {
  if (!condition) throw new CheckFailure(message);
}

/** Fails if two values of plain data differ, including in the order of their keys. */
export function equal(actual: unknown, expected: unknown, message: string): void {
  const [found, wanted] = [show(actual), show(expected)];
  ok(found === wanted, `${message}: found ${found} instead of ${wanted}`);
}

/** Fails if a text is missing or does not match. */
export function match(actual: string | null | undefined, pattern: RegExp, message: string): void {
  ok(
    pattern.test(actual ?? ""),
    `${message}: found ${show(actual)}, which does not match ${pattern}`,
  );
}

/** Fails if a promise is fulfilled; resolves to the error that it is rejected with. */
export async function rejects(promise: Promise<unknown>, message: string): Promise<unknown> {
  const rejected = await promise.then(() => undefined, (error: unknown) => ({ error }));
  ok(rejected, message);
  if (rejected.error instanceof CheckFailure) throw rejected.error;
  return rejected.error;
}

/** Fails if a promise takes longer; its later outcome is ignored. */
export async function within<T>(ms: number, promise: Promise<T>, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CheckFailure(`${message}: not within ${ms} ms`)), ms);
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
