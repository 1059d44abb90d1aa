import { type Authorship, takeAuthorized } from "./authorized_headers.ts";
import { snapshot } from "./body.ts";
import { copiedHeaders, type HeadersSource } from "./headers.ts";
import type { AuthorizedRequest } from "./request.ts";
import { isStream, streamOf } from "./stream_body.ts";

/** A call of `fetch`, taken apart. */
export interface Call {
  readonly url: string;
  readonly method: string;
  readonly headers: HeadersSource;
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
    headers: known ? headers : copiedHeaders(headers),
    body: known ? body : snapshot(body),
    known,
    signals: signal ? [signal] : [],
    request,
    init,
  };
}

/** What the platform's `fetch` is to be called with, once a call is authenticated. */
export function departing(
  { url, method, request, init }: Call,
  sent: Pick<AuthorizedRequest, "url" | "headers" | "body">,
): [input: string | Request, init: RequestInit] {
  const changed = { method, headers: sent.headers, redirect: "manual" as const };
  const body = sendable(sent.body) as BodyInit | undefined;
  const streamed = isStream(body) ? { duplex: "half" } : {};
  if (!request) return [sent.url, { ...init, ...changed, body, ...streamed }];
  const fresh = sent.body === request ? {} : { body, ...streamed };
  const target = sent.url === url ? request : new Request(sent.url, request);
  return [new Request(target, { ...init, ...changed, ...fresh }), transport(init)];
}

/** Chromium would send a generator's name. Node's streams stay, as a `fetch` may take no others. */
function sendable(body: unknown): unknown {
  return isStream(body) && !("pipe" in body) ? streamOf(body) : body;
}

/** Whether a body can be sent a second time. */
export function isReplayable(body: unknown): boolean {
  return !(body instanceof Request) && !isStream(body);
}

/** What a runtime adds to `RequestInit` (a proxy, a dispatcher), which a `Request` may not keep. */
function transport(init: RequestInit): RequestInit {
  const rest: RequestInit = { ...init, redirect: "manual" };
  for (const name of ["method", "headers", "body", "signal"] as const) delete rest[name];
  return rest;
}
