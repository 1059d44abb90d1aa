import type { RuntimeName } from "../tools/runtimes.ts";
import { type Comparison, comparisons, goalOn } from "./goals.ts";
import type { Measured } from "./measure.ts";
import type { Clock } from "./rounds.ts";
import { inRounds, type Spread, spread } from "./statistics.ts";

/** The measurements on one runtime. */
export interface Result {
  readonly name: RuntimeName;
  readonly version: string;
  readonly measured: Measured;
}

/** A comparison on one runtime; lower is faster. */
export interface Ratio extends Spread {
  readonly goal: number | undefined;
  readonly reached: boolean;
}

/** Compares round by round; `undefined` where it was not measured, or that clock tells nothing. */
export function ratioOf(
  comparison: Comparison,
  { name, measured }: Result,
  clock: Clock,
): Ratio | undefined {
  const samples = measured[comparison.scene]?.[clock];
  if (!samples || clock !== (comparison.clock ?? clock)) return undefined;
  const { ours, peer, bases } = comparison;
  const of = (subject: string, base?: string) =>
    base === undefined
      ? samples[subject]!
      : inRounds(samples[subject]!, samples[base]!, (one, other) => one - other);
  const [ourTime, peerTime] = [of(ours, bases?.[0]), of(peer, bases?.[1])];
  const { low, high } = spread(inRounds(ourTime, peerTime, (one, other) => one / other));
  // Where the time added is small, single rounds divide by next to nothing
  const median = spread(ourTime).median / spread(peerTime).median;
  const goal = goalOn(comparison, name);
  return { median, low, high, goal, reached: goal === undefined || median <= goal };
}

/** Formats the ratios, then the times, as tables. */
export function tables(results: readonly Result[]): string {
  const names = results.map(({ name }) => name);
  const scenes = [...new Set(results.flatMap(({ measured }) => Object.keys(measured)))];
  const times = scenes.flatMap((scene) => {
    const { measured } = results.find(({ measured }) => measured[scene])!;
    return Object.keys(measured[scene]!.elapsed ?? {}).map((subject, index) => [
      index ? "" : scene,
      subject,
      ...results.map(({ measured }) => timeCell(measured[scene]?.elapsed?.[subject])),
    ]);
  });
  return [
    "Ratios by the time that goes by: of medians; in brackets the middle half of the rounds, then " +
    "the goal. Lower is faster.",
    table(["what", "against", ...names], ratioRows(results, "elapsed")),
    "The same by the time in which the process uses a processor, which a busy machine spoils less.",
    table(["what", "against", ...names], ratioRows(results, "processor")),
    "Microseconds that go by: the median, and the middle half of the rounds.",
    table(["scene", "who", ...names], times),
  ].join("\n\n");
}

function ratioRows(results: readonly Result[], clock: Clock): string[][] {
  return comparisons.flatMap((comparison) => {
    const ratios = results.map((result) => ratioOf(comparison, result, clock));
    if (!ratios.some((ratio) => ratio)) return [];
    return [[comparison.what, `\`${comparison.peer}\``, ...ratios.map(ratioCell)]];
  });
}

function ratioCell(ratio: Ratio | undefined): string {
  if (!ratio) return "";
  const { median, low, high, goal, reached } = ratio;
  const sought = goal === undefined ? "" : `, ${reached ? "≤" : "**misses**"} ${goal}`;
  return `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})${sought}`;
}

function timeCell(samples: readonly number[] | undefined): string {
  if (!samples) return "";
  const { median, low, high } = spread(samples);
  return `${figure(median)} (${figure(low)} to ${figure(high)})`;
}

function figure(value: number): string {
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}

/** Formats a table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Formats everything as JSON. */
export function asJson(machine: object, results: readonly Result[]): string {
  const all = results.map((result) => ({
    ...result,
    ratios: comparisons.map((comparison) => ({
      ...comparison,
      elapsed: ratioOf(comparison, result, "elapsed"),
      processor: ratioOf(comparison, result, "processor"),
    })),
  }));
  return JSON.stringify({ machine, results: all }, null, 2);
}
