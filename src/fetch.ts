import { parseCall } from "./exchange/call.ts";
import type { FetchParts } from "./exchange/exchange.ts";
import type { Fetch } from "./options.ts";
import { withDeadline } from "./platform/deadline.ts";
import { lazy } from "./platform/lazy.ts";

/**
 * Creates a `fetch` that routes, authenticates, retries once and adds advice. It returns its own
 * errors as responses in OpenAI's format: the OpenAI client would retry thrown errors.
 *
 * All but the parsing of calls is loaded on the first call, which a client with only the provider
 * never makes.
 */
export function createFetch(parts: FetchParts): Fetch {
  const exchange = lazy(async () => (await import("./exchange/exchange.ts")).createExchange(parts));
  return async (input: RequestInfo | URL, options?: RequestInit | null) => {
    // Parsed at once: the caller may reuse its headers, buffer or form
    const call = parseCall(input, options);
    return await (await withDeadline(exchange, call.signals))(call);
  };
}
