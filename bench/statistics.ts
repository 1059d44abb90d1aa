/** The middle of what was measured, and the quarters around it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Returns the median, and the range that half of the values are in. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  return { median: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75) };
}

function at(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return below + (above - below) * (place - Math.floor(place));
}

/** Combines two series round by round, as other work disturbs whole rounds. */
export function inRounds(
  one: readonly number[],
  other: readonly number[],
  combine: (one: number, other: number) => number,
): readonly number[] {
  return one.map((value, round) => combine(value, other[round] ?? NaN));
}
