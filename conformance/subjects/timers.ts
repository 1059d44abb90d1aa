import { within } from "../check.ts";

type Timer = object | number;
type Act = (...args: unknown[]) => void;
type SetTimer = (act: Act, ms?: number, ...args: unknown[]) => Timer;
type ClearTimer = (timer?: Timer) => void;

/** What hangs must not keep later cases from the timers as they are. */
const LIMIT_MS = 5_000;

/** What the timers were before any case replaced them. */
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis as unknown as {
  readonly setTimeout: SetTimer;
  readonly clearTimeout: ClearTimer;
  readonly setInterval: SetTimer;
  readonly clearInterval: ClearTimer;
};

/**
 * Runs a function, and returns how long those of its timers are set for, in milliseconds, that
 * have neither fired nor been cleared by the end and would keep a process alive.
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
    await within(LIMIT_MS, run(), "Timers were counted");
    // What is cleared by what has been promised, is cleared by now
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval });
  }
  return [...running].filter(([timer]) => keepsAlive(timer)).map(([, ms]) => ms);
}

/** Where a timer is an object, it can have been told not to keep its process alive. */
function keepsAlive(timer: unknown): boolean {
  return (timer as { hasRef?(): boolean }).hasRef?.() ?? true;
}
