import { BedrockError } from "../errors.ts";
import { isPromise, type MaybePromise } from "./lazy.ts";

/**
 * Runs a lookup until it settles, a signal aborts or the deadline passes, and cleans up listeners
 * and timer. It does not start if a signal has already aborted.
 *
 * @param isBackground True if the timer must not keep the process alive.
 * @throws The reason of the signal that aborted.
 * @throws {BedrockError} `credentials_timeout`
 */
export async function withDeadline<T>(
  lookUp: () => MaybePromise<T>,
  signals: readonly AbortSignal[],
  timeoutMs = Infinity,
  isBackground = false,
): Promise<T> {
  throwIfAborted(signals);
  const found = lookUp();
  const settled = isPromise(found)
    ? await awaitUnlessInterrupted(found, signals, timeoutMs, isBackground)
    : found;
  throwIfAborted(signals);
  return settled;
}

async function awaitUnlessInterrupted<T>(
  lookup: Promise<T>,
  signals: readonly AbortSignal[],
  timeoutMs: number,
  isBackground: boolean,
): Promise<T> {
  const listeners: [AbortSignal, () => void][] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of signals) {
      const abort = () => reject(reasonOf(signal));
      // The lookup may have aborted it
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort, { once: true });
      listeners.push([signal, abort]);
    }
    if (timeoutMs !== Infinity) {
      timer = setTimeout(() => reject(lookupTimeout(timeoutMs)), timeoutMs);
      if (isBackground) unref(timer);
    }
  });
  try {
    return await Promise.race([lookup, interrupted]);
  } finally {
    clearTimeout(timer);
    for (const [signal, abort] of listeners) signal.removeEventListener("abort", abort);
  }
}

/** Lets the process exit while the timer runs. */
function unref(timer: unknown): void {
  if (typeof timer === "object") (timer as { unref?(): void }).unref?.();
  else (globalThis as { Deno?: { unrefTimer?(timer: unknown): void } }).Deno?.unrefTimer?.(timer);
}

/** Throws the reason of the first signal that has aborted. */
export function throwIfAborted(signals: readonly AbortSignal[]): void {
  for (const signal of signals) if (signal.aborted) throw reasonOf(signal);
}

/** Reads the reason of a signal; custom signals may have none. */
function reasonOf(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The operation was aborted", "AbortError");
}

function lookupTimeout(timeoutMs: number): BedrockError {
  return new BedrockError(
    "credentials_timeout",
    // The SDK recognizes time-outs by the words "timed out"
    `Looking up a credential timed out after ${timeoutMs} ms. Check its source and the network`,
  );
}
