import type { SubjectOptions } from "../case.ts";

/** A `fetch` as a program's own wrapper leaves it. */
export function edited(
  fetch: typeof globalThis.fetch,
  edit: SubjectOptions["edit"],
): typeof globalThis.fetch {
  return edit ? (input, init) => fetch(input, edit(init ?? {})) : fetch;
}
