import type { Capability } from "../case.ts";

/** What nothing can do that is only asked before a request is sent, and never sees an answer. */
export const WITHOUT_FETCH: readonly Capability[] = [
  "signsAnew",
  "routes",
  "explains",
  "recovers",
  "idleTimeout",
];
