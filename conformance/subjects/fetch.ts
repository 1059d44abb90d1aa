import type { Capability, SubjectOptions } from "../case.ts";

/** The capabilities of an installed `fetch`: a provider only sees requests before they are sent. */
export const FETCH_ONLY: readonly Capability[] = [
  "signsEdits",
  "routes",
  "explains",
  "recovers",
  "idleTimeout",
];

/** Wraps a `fetch` in a program's own edits. */
export function editFetch(
  fetch: typeof globalThis.fetch,
  edit: SubjectOptions["edit"],
): typeof globalThis.fetch {
  return edit ? (input, init) => fetch(input, edit(init ?? {})) : fetch;
}
