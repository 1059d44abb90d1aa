import process from "node:process";

/** A time for 128 kB that is always short enough, in milliseconds. */
const QUICK_MS = 250;

/**
 * A time for 16 kB, in milliseconds, from which 4 kB is measured first, as more might not end in
 * time.
 */
const LONG_MS = 100;

/** A time for 16 kB, in milliseconds, below which even quadratic growth is harmless. */
const SUSPICIOUS_MS = 2;

/** A time for a line or two, in milliseconds, from which more text would not end. */
const ENDLESS_MS = 50;

const KB = 1024;

/** Measures the milliseconds of processor time, which other work on the machine does not add to. */
function timeOf(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The number of attempts of five rounds each, as garbage collection slows some down. */
const TRIALS = 3;

/** Measures the shortest time of each of two functions in five alternating rounds. */
function leastOf(one: () => unknown, other: () => unknown): [one: number, other: number] {
  const rounds = Array.from({ length: 5 }, () => [timeOf(one), timeOf(other)] as const);
  return [Math.min(...rounds.map(([time]) => time)), Math.min(...rounds.map(([, time]) => time))];
}

/**
 * Says how much longer a function takes for twice as much text, where that is more than three times
 * as long; nothing where it is quick all the same.
 *
 * @param textOf Makes a text of so many characters.
 */
export function excessiveGrowth(
  textOf: (length: number) => string,
  use: (text: string) => unknown,
): string | undefined {
  for (let length = 16; length <= 128; length += 2) {
    const line = textOf(length);
    const isSlow = () => timeOf(() => use(line)) > ENDLESS_MS;
    // So is a garbage collection, but not each time
    if (isSlow() && isSlow() && isSlow()) {
      return `more than ${ENDLESS_MS} ms for ${length} characters`;
    }
  }
  const growth = (small: number, large: number, floorMs: number): string | undefined => {
    const [text, longText] = [textOf(small * KB), textOf(large * KB)];
    let found: string | undefined;
    if (timeOf(() => use(longText)) < floorMs) return found;
    for (let trial = 0; trial < TRIALS; trial++) {
      const [shorter, longer] = leastOf(() => use(text), () => use(longText));
      // Linear, it would be 2 or 4 times; quadratic, 4 or 16 times
      if (longer < floorMs || longer <= 1.5 * shorter * large / small) return undefined;
      found = `${shorter.toFixed(1)} ms for ${small} kB, ${longer.toFixed(1)} ms for ${large} kB`;
    }
    return found;
  };
  const sample = textOf(16 * KB);
  if (timeOf(() => use(sample)) < SUSPICIOUS_MS) return undefined;
  return growth(4, 16, LONG_MS) ?? growth(64, 128, QUICK_MS);
}
