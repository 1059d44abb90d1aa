import { type Handoff, takeHandoff } from "../auth/handoff.ts";
import { copyBody } from "../platform/body.ts";
import { copyHeaders } from "../platform/headers.ts";
import { readProperty } from "../platform/read_options.ts";

/** The arguments of a call of `fetch`, read once. */
export interface Call {
  /** A string, so that the URL that is checked is the one that is sent. */
  readonly url: string;
  readonly method: string;
  /** A copy, unless a provider has authenticated exactly this call. */
  readonly headers: Headers;
  /** The `Request` itself, if it holds the body. */
  readonly body: unknown;
  /** The note of a provider that has authenticated exactly this call. */
  readonly handoff: Handoff | undefined;
  readonly signals: readonly AbortSignal[];
  readonly request: Request | undefined;
  readonly init: RequestInit;
}

/** Parses the arguments of a call, merging a `Request` and its init as the platform does. */
export function parseCall(input: RequestInfo | URL, options?: RequestInit | null): Call {
  const requestUrl = readPlatformUrl(input);
  const url = requestUrl ?? String(input);
  const request = requestUrl === undefined ? undefined : input as Request;
  // Only the platform can read the members of a `Request` reliably
  return options instanceof Request
    ? merge(url, new Request(request ?? url, options), {})
    : merge(url, request, copyInit(options ?? {}));
}

function merge(url: string, request: Request | undefined, init: RequestInit): Call {
  const signal = init.signal === undefined ? request?.signal : init.signal;
  const method = `${init.method ?? request?.method ?? "GET"}`.toUpperCase();
  const headers = init.headers ?? request?.headers;
  const body = init.body ?? (request?.body ? request : undefined);
  const handoff = takeHandoff(headers, { url, method, body });
  return {
    url,
    method,
    headers: handoff ? headers as Headers : copyHeaders(headers),
    body: handoff ? body : copyBody(body),
    handoff,
    signals: signal ? [signal] : [],
    request,
    init,
  };
}

const { get: readUrl } = Object.getOwnPropertyDescriptor(Request.prototype, "url") ?? {};

/**
 * Reads the URL of a `Request` as the platform sees it, whatever its properties say; `undefined` if
 * it is not a `Request` of this platform.
 */
export function readPlatformUrl(input: unknown): string | undefined {
  if (!(input instanceof Request)) return undefined;
  try {
    return readUrl?.call(input);
  } catch {
    return undefined; // only inherits from `Request`
  }
}

/**
 * Copies an init, including what its class defines. Drops `url`, which server requests have and
 * `new Request()` of Bun would use.
 */
function copyInit(init: object): RequestInit {
  const copy: Record<string, unknown> = { __proto__: null, ...init };
  delete copy.url;
  if (isPlain(init)) return copy;
  // A `Request` has all members that an init may have
  for (const name in Request.prototype) {
    const value = readProperty(init, name);
    if (name !== "url" && value !== undefined) copy[name] ??= value;
  }
  return copy;
}

function isPlain(object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
