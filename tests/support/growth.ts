/** What takes less than this with 128 kB is quick enough, whatever is measured beside it. */
const QUICK_MS = 250;

/** What takes so long with 16 kB is compared with 8 kB first: with more it might not end in time. */
const LONG_MS = 100;

/** What takes less with 16 kB is not looked into: were it quadratic, 128 kB would take 128 ms. */
const SUSPICIOUS_MS = 2;

/** What takes so long with a line or two would not end with more. */
const ENDLESS_MS = 50;

const KB = 1024;

function timeOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** The least of some times. */
function leastOf(times: number, run: () => unknown): number {
  return Math.min(...Array.from({ length: times }, () => timeOf(run)));
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
    // A busy machine is slow, too, but not each time
    if (isSlow() && isSlow() && isSlow()) {
      return `more than ${ENDLESS_MS} ms for ${length} characters`;
    }
  }
  const isGrowing = (times: number, size: number): string | undefined => {
    const [once, twice] = [textOf(size * KB), textOf(2 * size * KB)];
    const longer = leastOf(times, () => use(twice));
    if (longer < (size < 64 ? LONG_MS : QUICK_MS)) return undefined;
    const shorter = leastOf(times, () => use(once));
    if (longer <= 3 * shorter) return undefined;
    return `${shorter.toFixed(1)} ms for ${size} kB, ${longer.toFixed(1)} ms for ${2 * size} kB`;
  };
  const sample = textOf(16 * KB);
  if (timeOf(() => use(sample)) < SUSPICIOUS_MS) return undefined;
  return isGrowing(3, 8) ?? isGrowing(5, 64);
}
