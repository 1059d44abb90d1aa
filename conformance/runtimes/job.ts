import type { Outcome } from "../case.ts";
import type { Cassette } from "../cassette.ts";
import type { Column } from "../report/report.ts";

/** The columns and cases that a driver runs. */
export interface Job {
  readonly columns: readonly Column[];
  /** Patterns of case ids. */
  readonly cases: readonly string[];
  /** Recorded exchanges by name, each of which is a further case. */
  readonly recordings: Readonly<Record<string, Cassette>>;
  /** The URL that opens servers for runtimes that cannot listen. */
  readonly host: string;
}

/** The outcomes of some cases, as a driver posts them. */
export interface Posted {
  /** The index of the column in the job. */
  readonly column: number;
  readonly outcomes: readonly Outcome[];
}

/** The text that a page shows once its job is done; any other text is the reason of a failure. */
export const DONE = "Done";
