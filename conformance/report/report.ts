import type { Outcome, ShownExchange } from "../case.ts";

/** A subject as it was run: which client was under it, and how its requests were answered. */
export interface Lane {
  readonly subject: string;
  /** The version of the OpenAI client under it, where it has one. */
  readonly sdk?: string | undefined;
  readonly mode: string;
  /** Whether this project answers for it. */
  readonly own: boolean;
}

/** A runtime that took part. */
export interface RuntimeVersion {
  readonly name: string;
  readonly version: string;
}

/** What one lane came to on one runtime. */
export interface Run {
  readonly runtime: string;
  readonly lane: Lane;
  readonly outcomes: readonly Outcome[];
  /** Why the lane cannot be run there; each of its cases is then not offered. */
  readonly absent?: string | undefined;
}

/** What is known to go otherwise than it should. */
export interface Expectation {
  readonly expect: "fail" | "not offered";
  readonly reason: string;
  /** Patterns, where it holds only for some. */
  readonly subject?: string;
  readonly sdk?: string;
  readonly mode?: string;
}

/** Known gaps: a pattern of runtimes, then a pattern of case ids. */
export type Expectations = Readonly<
  Record<string, Readonly<Record<string, Expectation | readonly Expectation[]>>>
>;

/** What became of one case, in one lane, on one runtime. */
export interface Cell {
  readonly case: string;
  /** The place of the lane in the report's list. */
  readonly lane: number;
  readonly runtime: string;
  readonly result: Outcome["result"] | "missing";
  readonly reason?: string | undefined;
  readonly expected?: Expectation | undefined;
  /** Why the cell counts as a failure of the run; absent where all is as it should be. */
  readonly problem?: string | undefined;
  readonly milliseconds: number;
  readonly sent: Outcome["sent"];
}

/** A case, as a report names it. */
export interface CaseTitle extends Pick<Outcome, "id" | "title" | "source" | "own"> {
  /** Who answers it, in words. */
  readonly answeredBy?: string;
  /** How its exchanges had to go, where they are written down and went otherwise. */
  readonly exchanges?: readonly ShownExchange[];
}

/** A judged run, which is also the format of the JSON file. */
export interface Report {
  /** The version of this format; a reader refuses those that it does not know. */
  readonly version: 1;
  /** When it was made, as an ISO 8601 date and time. */
  readonly date: string;
  readonly runtimes: readonly RuntimeVersion[];
  readonly lanes: readonly Lane[];
  readonly cases: readonly CaseTitle[];
  readonly cells: readonly Cell[];
  /** Problems of no single cell: an expectation that nothing met, say. */
  readonly problems: readonly string[];
  /** Cells of our own that passed, and problems. */
  readonly passed: number;
  readonly failed: number;
}
