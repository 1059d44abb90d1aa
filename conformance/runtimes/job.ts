import type { Outcome } from "../case.ts";
import type { Cassette } from "../cassette.ts";
import type { Lane } from "../report/report.ts";

/** What a driver is told to run: cases of one subject, with each of these versions of the client. */
export interface Job {
  readonly lanes: readonly Lane[];
  /** Patterns of case ids. */
  readonly cases: readonly string[];
  /** Recorded exchanges, by name, each of which is a case besides. */
  readonly recordings: Readonly<Record<string, Cassette>>;
  /** Who opens servers for runtimes that cannot. */
  readonly host: string;
}

/** What a driver posts of some cases. */
export interface Posted {
  /** The place of the lane in the job. */
  readonly lane: number;
  readonly outcomes: readonly Outcome[];
}
