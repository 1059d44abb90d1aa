/** What the timers were before any case replaced them. */
const { setTimeout, clearTimeout } = globalThis;

/** A claim that does not hold. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
}

/** Fails where the condition is not true. */
export function ok(condition: unknown, message: string): asserts condition {
  if (!condition) throw new CheckFailure(message);
}

/** Fails where two values of plain data differ, the order of their keys included. */
export function equal(actual: unknown, expected: unknown, message: string): void {
  const [found, wanted] = [show(actual), show(expected)];
  ok(found === wanted, `${message}: found ${found} instead of ${wanted}`);
}

/** Fails where a text is missing or does not match. */
export function match(actual: string | null | undefined, pattern: RegExp, message: string): void {
  ok(pattern.test(actual ?? ""), `${message}: found ${show(actual)}, which is not like ${pattern}`);
}

/** Fails where a promise is kept; resolves to what it was broken with. */
export async function rejects(promise: Promise<unknown>, message: string): Promise<unknown> {
  const broken = await promise.then(() => undefined, (error: unknown) => ({ error }));
  ok(broken, message);
  if (broken.error instanceof CheckFailure) throw broken.error;
  return broken.error;
}

/** Fails where a promise takes longer; what becomes of it afterwards does not matter. */
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
