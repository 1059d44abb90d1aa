import { BedrockError } from "./errors.ts";
import { isLater, type Soon } from "./soon.ts";

/**
 * Runs a lookup until it settles, a signal aborts or the time is up, and leaves no listener or
 * timer behind. The lookup is not started where a signal has aborted already.
 *
 * @param isBackground Whether nobody may be waiting, so that the time limit keeps no process alive.
 * @throws the reason of the signal that aborted
 * @throws {BedrockError} `credentials_timeout`
 */
export async function withinLimits<T>(
  lookUp: () => Soon<T>,
  signals: readonly AbortSignal[],
  timeoutMs = Infinity,
  isBackground = false,
): Promise<T> {
  throwIfAborted(signals);
  const found = lookUp();
  const settled = isLater(found)
    ? await unlessInterrupted(found, signals, timeoutMs, isBackground)
    : found;
  throwIfAborted(signals);
  return settled;
}

async function unlessInterrupted<T>(
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
      // The lookup itself may have aborted it
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort, { once: true });
      listeners.push([signal, abort]);
    }
    if (timeoutMs !== Infinity) {
      timer = setTimeout(() => reject(lookupTimeout(timeoutMs)), timeoutMs);
      if (isBackground) detach(timer);
    }
  });
  try {
    return await Promise.race([lookup, interrupted]);
  } finally {
    clearTimeout(timer);
    for (const [signal, abort] of listeners) signal.removeEventListener("abort", abort);
  }
}

/** Lets a process end though a timer is running, where the runtime would wait for it. */
function detach(timer: unknown): void {
  if (typeof timer === "object") (timer as { unref?(): void }).unref?.();
  else (globalThis as { Deno?: { unrefTimer?(timer: unknown): void } }).Deno?.unrefTimer?.(timer);
}

/** Throws the reason of the first signal that has aborted. */
export function throwIfAborted(signals: readonly AbortSignal[]): void {
  for (const signal of signals) if (signal.aborted) throw reasonOf(signal);
}

/** Signals that a client brings of its own may know no reasons. */
function reasonOf(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The operation was aborted", "AbortError");
}

function lookupTimeout(timeoutMs: number): BedrockError {
  return new BedrockError(
    "credentials_timeout",
    // The SDK tells time-outs from other failures by the words "timed out".
    `The lookup of a credential timed out after ${timeoutMs} ms. Check the token or credential ` +
      "provider, and the network that the AWS credential chain needs",
  );
}
