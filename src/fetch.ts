import { takeAuthorized } from "./authorized_headers.ts";
import type { Authorize } from "./request.ts";

/** The function that the platform calls `fetch`. */
export type Fetch = typeof globalThis.fetch;

/**
 * Makes a `fetch` that authenticates every request, or passes on what a provider of this module
 * has authenticated. Without `send` it sends through the global `fetch`, as it is at call time.
 */
export function createFetch(authorize: Authorize, send: Fetch | undefined): Fetch {
  return async (input: RequestInfo | URL, options?: RequestInit | null) => {
    const deliver: Fetch = send ?? ((...call) => globalThis.fetch(...call));
    const init = options ?? {};
    const request = input instanceof Request ? input : undefined;
    const url = request ? request.url : String(input);
    const method = (init.method ?? request?.method ?? "GET").toUpperCase();
    const body = init.body ?? (request?.body ? request : undefined);
    if (takeAuthorized(init.headers, { url, method, body })) {
      return await deliver(url, { ...init, redirect: "manual" });
    }
    const signal = init.signal === undefined ? request?.signal : init.signal;
    const sent = await authorize({
      url,
      method,
      headers: new Headers(init.headers ?? request?.headers),
      body,
      signals: signal ? [signal] : [],
    });
    const changed = { method, headers: sent.headers, redirect: "manual" as const };
    if (!request) {
      return await deliver(sent.url, { ...init, ...changed, body: sent.body as BodyInit });
    }
    const fresh = sent.body === request ? {} : { body: sent.body as BodyInit | undefined };
    const target = sent.url === url ? request : new Request(sent.url, request);
    return await deliver(new Request(target, { ...init, ...changed, ...fresh }), transport(init));
  };
}

/** What a runtime adds to `RequestInit` (a proxy, a dispatcher), which a `Request` may not keep. */
function transport(init: RequestInit): RequestInit {
  const rest: RequestInit = { ...init, redirect: "manual" };
  for (const name of ["method", "headers", "body", "signal"] as const) delete rest[name];
  return rest;
}
