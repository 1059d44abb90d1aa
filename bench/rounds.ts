import process from "node:process";

/** Functions to measure, which all do the same, by the names of their subjects. */
export type Subjects = Readonly<Record<string, () => unknown>>;

/** The time of each round, by subject, in the order of the rounds. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** Microseconds that go by, and those in which the process uses a processor, on all its threads. */
export interface Times {
  readonly elapsed: Samples;
  readonly processor: Samples;
}

/** A clock: elapsed time or processor time. */
export type Clock = keyof Times;

/** The extent of a measurement. */
export interface Effort {
  readonly rounds: number;
  /** The time that one subject runs in one round, in milliseconds. */
  readonly sliceMs: number;
  /** The time limit of a scene, in milliseconds, after the fewest rounds. */
  readonly limitMs: number;
}

const WARM_SLICES = 100;

/** The fewest rounds for a median. */
const FEWEST_ROUNDS = 15;

/**
 * As much as a figure needs that is to be believed. Slices are shorter than those of a scheduler,
 * so that a busy machine spoils some rounds and not every one.
 */
export const THOROUGH: Effort = { rounds: 400, sliceMs: 4, limitMs: 15_000 };

/** As little as shows that everything runs. */
export const QUICK: Effort = { rounds: 2, sliceMs: 1, limitMs: 1_000 };

/**
 * Takes the times of each subject for a call.
 *
 * All subjects run in every round, each time in another order, so that what disturbs the machine
 * disturbs all of them, and none always runs after the same other.
 */
export async function interleaved(
  subjects: Subjects,
  { rounds, sliceMs, limitMs }: Effort,
): Promise<Times> {
  const names = Object.keys(subjects);
  const calls = new Map<string, number>();
  for (const name of names) calls.set(name, await callsIn(subjects[name]!, sliceMs));
  const none = () => Object.fromEntries(names.map((name): [string, number[]] => [name, []]));
  const [elapsed, processor] = [none(), none()];
  const end = performance.now() + limitMs;
  for (let round = 0; round < rounds; round++) {
    if (round >= FEWEST_ROUNDS && performance.now() > end) break;
    for (const name of rotated(names, round)) {
      const time = await timeOf(subjects[name]!, calls.get(name)!);
      elapsed[name]!.push(time.elapsed);
      processor[name]!.push(time.processor);
    }
  }
  return { elapsed, processor };
}

/** Begins one further each time; every other time through, the order is reversed. */
export function rotated<T>(all: readonly T[], round: number): readonly T[] {
  const start = round % all.length;
  const turned = [...all.slice(start), ...all.slice(0, start)];
  return Math.floor(round / all.length) % 2 ? turned.reverse() : turned;
}

/**
 * Warms a subject up, as compilers take their time, and counts how often it is called in a
 * slice.
 */
async function callsIn(subject: () => unknown, sliceMs: number): Promise<number> {
  let calls = 1;
  const end = performance.now() + WARM_SLICES * sliceMs;
  for (let warm = 0; warm < 5 || performance.now() < end; warm++) {
    const { elapsed } = await timeOf(subject, calls);
    calls = Math.max(1, Math.round(sliceMs * 1000 / Math.max(elapsed, 0.01)));
  }
  return calls;
}

async function timeOf(subject: () => unknown, calls: number) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  for (let call = 0; call < calls; call++) await subject();
  const elapsed = (performance.now() - start) * 1000 / calls;
  const { user, system } = process.cpuUsage(used);
  return { elapsed, processor: (user + system) / calls };
}
