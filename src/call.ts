import { type Authorship, takeAuthorized } from "./authorized_headers.ts";
import { snapshot } from "./body.ts";
import { copiedHeaders } from "./headers.ts";

/** A call of `fetch`, taken apart. */
export interface Call {
  readonly url: string;
  readonly method: string;
  /** A copy, but where somebody has authenticated exactly this call. */
  readonly headers: Headers;
  /** Where a `Request` has a body, the request stands for it. */
  readonly body: unknown;
  /** Who has authenticated exactly this call already. */
  readonly known: Authorship | undefined;
  readonly signals: readonly AbortSignal[];
  readonly request: Request | undefined;
  readonly init: RequestInit;
}

/** Takes a call apart, merging a `Request` and its init as the platform does, and copies it. */
export function callOf(input: RequestInfo | URL, options?: RequestInit | null): Call {
  // What a `Request` holds cannot be spread
  if (options instanceof Request) return callOf(new Request(input, options));
  const init = { ...options };
  const request = input instanceof Request ? input : undefined;
  const signal = init.signal === undefined ? request?.signal : init.signal;
  const url = request ? request.url : String(input);
  const method = `${init.method ?? request?.method ?? "GET"}`.toUpperCase();
  const headers = init.headers ?? request?.headers;
  const body = init.body ?? (request?.body ? request : undefined);
  const known = takeAuthorized(headers, { url, method, body });
  return {
    url,
    method,
    headers: known ? headers as Headers : copiedHeaders(headers),
    body: known ? body : snapshot(body),
    known,
    signals: signal ? [signal] : [],
    request,
    init,
  };
}
