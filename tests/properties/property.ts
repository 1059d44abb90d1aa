import fc from "fast-check";

/** A claim that holds for any input. */
export interface Property {
  /** The claim, in plain words. */
  readonly name: string;
  /** How many inputs a short run tries. */
  readonly shortRuns: number;
  /** How long a short run may take, in milliseconds; a busy machine tries less. */
  readonly shortMs: number;
  /** Tries inputs until one breaks the claim, or it is enough. */
  readonly probe: (settings: Settings) => Promise<Report>;
}

/** How long to try, and from where. */
export interface Settings {
  readonly runs: number;
  /** Without it, all runs are made. */
  readonly limitMs?: number | undefined;
  readonly seed: number;
  /** Leads straight to an input that a report has named. */
  readonly path?: string | undefined;
}

/** What came of it. */
export interface Report {
  readonly runs: number;
  readonly broken?: {
    /** The smallest input that was found to break the claim. */
    readonly input: string;
    readonly path: string;
    readonly error: unknown;
  };
}

/** Makes a property of what inputs look like and what must hold for each. */
export function property<Input>(
  name: string,
  shortRuns: number,
  input: fc.Arbitrary<Input>,
  holds: (input: Input) => void | Promise<void>,
  shortMs = 400,
): Property {
  const probe = async ({ runs, limitMs, seed, path }: Settings): Promise<Report> => {
    let last: { readonly value: Input; readonly end: Promise<void> } | undefined;
    const tried = fc.asyncProperty(input, (value) => {
      last = { value, end: (async () => await holds(value))() };
      return last.end;
    });
    const found = await fc.check(tried, {
      numRuns: runs,
      seed,
      ...(limitMs !== undefined && { interruptAfterTimeLimit: limitMs }),
      ...(path !== undefined && { path, endOnFailure: true }),
    });
    if (found.counterexample !== null) {
      const [smallest] = found.counterexample;
      const { numRuns, counterexamplePath, errorInstance: error } = found;
      const input = fc.stringify(smallest);
      return { runs: numRuns, broken: { input, path: counterexamplePath ?? "", error } };
    }
    if (!found.interrupted || !last) return { runs: found.numRuns };
    // The input that was at work when the time was up counts as well
    const { value, end } = last;
    const late = { runs: found.numRuns + 1 };
    return await end.then(() => late, (error) => {
      const path = `${found.numRuns}`;
      return { ...late, broken: { input: fc.stringify(value), path, error } };
    });
  };
  return { name, shortRuns, shortMs, probe };
}

/** A seed that is not known beforehand. */
export function anySeed(): number {
  const [seed = 0] = crypto.getRandomValues(new Int32Array(1));
  return seed;
}
