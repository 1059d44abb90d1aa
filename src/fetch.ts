import { callOf } from "./call.ts";
import type { Endpoint } from "./endpoint.ts";
import { onFirstNeed } from "./first_need.ts";
import { withinLimits } from "./limits.ts";
import type { Authenticator } from "./request.ts";
import type { Route } from "./routes.ts";

/** The function that the platform calls `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** What a `fetch` of this module is made of. */
export interface FetchParts {
  readonly endpoint: Endpoint;
  readonly authenticator: Authenticator;
  readonly routes: readonly Route[];
  /** What it sends through, if not the global `fetch`, as it is at call time. */
  readonly send: Fetch | undefined;
  readonly idleTimeoutMs: number | undefined;
}

/**
 * Makes a `fetch` that routes, authenticates, recovers once and explains. What it refuses is
 * answered, in the envelope of OpenAI: the client of OpenAI would repeat what is thrown.
 *
 * All that is loaded on the first call: a client with the provider alone never makes one.
 */
export function createFetch(parts: FetchParts): Fetch {
  const exchange = onFirstNeed(async () => (await import("./exchange.ts")).createExchange(parts));
  return async (input: RequestInfo | URL, options?: RequestInit | null) => {
    // Taken at once: the caller may go on using its headers and its buffer or form
    const call = callOf(input, options);
    return await (await withinLimits(exchange, call.signals))(call);
  };
}
