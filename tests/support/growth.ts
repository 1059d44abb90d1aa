/** What takes less than this with 128 kB is quick enough, whatever is measured beside it. */
const QUICK_MS = 250;

/** What takes so long with 16 kB is compared with 4 kB first: with more it might not end in time. */
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
  const isGrowing = (small: number, large: number, times: number, floorMs: number) => {
    const [text, longText] = [textOf(small * KB), textOf(large * KB)];
    const longer = leastOf(times, () => use(longText));
    if (longer < floorMs) return undefined;
    const shorter = leastOf(times, () => use(text));
    // Linear, it would be 2 or 4 times; quadratic, 4 or 16 times
    if (longer <= 1.5 * shorter * large / small) return undefined;
    return `${shorter.toFixed(1)} ms for ${small} kB, ${longer.toFixed(1)} ms for ${large} kB`;
  };
  const sample = textOf(16 * KB);
  if (timeOf(() => use(sample)) < SUSPICIOUS_MS) return undefined;
  return isGrowing(4, 16, 5, LONG_MS) ?? isGrowing(64, 128, 5, QUICK_MS);
}
