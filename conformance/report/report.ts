import type { Outcome, ShownExchange } from "../case.ts";

/** A subject with one version of its client, in one mode. */
export interface Column {
  readonly subject: string;
  /** The version of its OpenAI client, if it has one. */
  readonly sdk?: string | undefined;
  readonly mode: string;
  /** True if this project is responsible for it. */
  readonly own: boolean;
}

/** A runtime that took part. */
export interface RuntimeVersion {
  readonly name: string;
  readonly version: string;
}

/** The outcomes of one column on one runtime. */
export interface Run {
  readonly runtime: string;
  readonly column: Column;
  readonly outcomes: readonly Outcome[];
  /** The reason why the column cannot run there; its cases are then not offered. */
  readonly absent?: string | undefined;
}

/** A known failure or gap. */
export interface Expectation {
  readonly expect: "fail" | "not offered";
  readonly reason: string;
  /** Patterns that limit what it applies to. */
  readonly subject?: string;
  readonly sdk?: string;
  readonly mode?: string;
}

/** The expectations by pattern of runtimes, then by pattern of case ids. */
export type Expectations = Readonly<
  Record<string, Readonly<Record<string, Expectation | readonly Expectation[]>>>
>;

/** The result of one case, in one column, on one runtime. */
export interface Cell {
  readonly case: string;
  /** The index of the column in the report. */
  readonly column: number;
  readonly runtime: string;
  readonly result: Outcome["result"] | "missing";
  readonly reason?: string | undefined;
  readonly expected?: Expectation | undefined;
  /** The reason why the cell counts as a failure of the run, if it does. */
  readonly problem?: string | undefined;
  readonly milliseconds: number;
  readonly sent: Outcome["sent"];
}

/** A case in a report. */
export interface CaseTitle extends Pick<Outcome, "id" | "title" | "source" | "own"> {
  /** A description of its responder. */
  readonly responder?: string;
  /** The expected exchanges, if a cassette has them and the case failed somewhere. */
  readonly exchanges?: readonly ShownExchange[];
}

/** The result of a run, and the format of the JSON file. */
export interface Report {
  /** The version of this format; readers refuse others. */
  readonly version: 1;
  /** The time of the run, in ISO 8601. */
  readonly date: string;
  readonly runtimes: readonly RuntimeVersion[];
  readonly columns: readonly Column[];
  readonly cases: readonly CaseTitle[];
  readonly cells: readonly Cell[];
  /** The problems that belong to no cell, such as an unused expectation. */
  readonly problems: readonly string[];
  /** The number of cells of our own subjects that passed. */
  readonly passed: number;
  /** The number of problems, of cells and others. */
  readonly failed: number;
}
