import { within } from "../check.ts";

type Timer = object | number;
type Act = (...args: unknown[]) => void;
type SetTimer = (act: Act, ms?: number, ...args: unknown[]) => Timer;
type ClearTimer = (timer?: Timer) => void;

/** The time limit, so that a case that hangs does not leave replaced timers to later ones. */
const LIMIT_MS = 5_000;

/** The platform's timers, taken before any case can replace them. */
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis as unknown as {
  readonly setTimeout: SetTimer;
  readonly clearTimeout: ClearTimer;
  readonly setInterval: SetTimer;
  readonly clearInterval: ClearTimer;
};

/**
 * Runs a function, and returns the durations, in milliseconds, of the timers that it leaves running
 * and that would keep a process alive.
 */
export async function timersLeftBy(run: () => Promise<void>): Promise<number[]> {
  const running = new Map<Timer, number>();
  const counted = (set: SetTimer, once: boolean): SetTimer => (act, ms = 0, ...args) => {
    const timer = set(
      (...given) => {
        if (once) running.delete(timer);
        act(...given);
      },
      ms,
      ...args,
    );
    running.set(timer, ms);
    return timer;
  };
  const forgotten = (clear: ClearTimer): ClearTimer => (timer) => {
    if (timer !== undefined) running.delete(timer);
    clear(timer);
  };
  Object.assign(globalThis, {
    setTimeout: counted(setTimeout, true),
    setInterval: counted(setInterval, false),
    clearTimeout: forgotten(clearTimeout),
    clearInterval: forgotten(clearInterval),
  });
  try {
    await within(LIMIT_MS, run(), "Run with counted timers");
    // Timers that are cleared when a promise settles are cleared by now
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval });
  }
  return [...running].filter(([timer]) => keepsAlive(timer)).map(([, ms]) => ms);
}

/** Tells whether a timer keeps its process alive; where timers are objects, they may not. */
function keepsAlive(timer: unknown): boolean {
  return (timer as { hasRef?(): boolean }).hasRef?.() ?? true;
}
