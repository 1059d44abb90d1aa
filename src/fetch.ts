import { parseCall } from "./exchange/call.ts";
import type { FetchParts } from "./exchange/exchange.ts";
import type { Fetch } from "./options.ts";
import { withDeadline } from "./platform/deadline.ts";
import { lazy } from "./platform/lazy.ts";

/**
 * Creates a `fetch` that routes, authenticates, retries once and explains failures. What it refuses is a
 * response in OpenAI's envelope: the OpenAI client would retry what is thrown.
 *
 * Everything but the parsing of a call is loaded on the first one: a client with the provider alone never
 * makes one.
 */
export function createFetch(parts: FetchParts): Fetch {
  const exchange = lazy(async () => (await import("./exchange/exchange.ts")).createExchange(parts));
  return async (input: RequestInfo | URL, options?: RequestInit | null) => {
    // Parsed at once: the caller may reuse its headers and its buffer or form
    const call = parseCall(input, options);
    return await (await withDeadline(exchange, call.signals))(call);
  };
}
