import { type Authorship, takeAuthorized } from "./authorized_headers.ts";
import { snapshot } from "./body.ts";
import { copiedHeaders } from "./headers.ts";
import { readProperty } from "./read_property.ts";
import { platformUrl } from "./request_url.ts";

/** The arguments of a call of `fetch`, read once. */
export interface Call {
  /** Text, so that what is checked is what is sent. */
  readonly url: string;
  readonly method: string;
  /** A copy, unless a provider has authenticated exactly this call. */
  readonly headers: Headers;
  /** The `Request` itself where it has the body. */
  readonly body: unknown;
  /** Who has authenticated exactly this call already. */
  readonly known: Authorship | undefined;
  readonly signals: readonly AbortSignal[];
  readonly request: Request | undefined;
  readonly init: RequestInit;
}

/** Reads the arguments of a call, merging a `Request` and its init as the platform does. */
export function callOf(input: RequestInfo | URL, options?: RequestInit | null): Call {
  const known = platformUrl(input);
  const url = known ?? String(input);
  const given = known === undefined ? undefined : input as Request;
  // The platform alone can take the members out of a `Request`
  return options instanceof Request
    ? parsed(url, new Request(given ?? url, options), {})
    : parsed(url, given, copyInit(options ?? {}));
}

function parsed(url: string, request: Request | undefined, init: RequestInit): Call {
  const signal = init.signal === undefined ? request?.signal : init.signal;
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

const MEMBERS = [
  "body",
  "cache",
  "credentials",
  "duplex",
  "headers",
  "integrity",
  "keepalive",
  "method",
  "mode",
  "priority",
  "redirect",
  "referrer",
  "referrerPolicy",
  "signal",
];

/**
 * Copies an init, with what its class defines. A `url`, as a request of a server has it, is left out:
 * `new Request()` of Bun would take it for the URL.
 */
function copyInit(init: object): RequestInit {
  const copy: Record<string, unknown> = { __proto__: null, ...init };
  delete copy.url;
  if (isPlain(init)) return copy;
  for (const name of MEMBERS) copy[name] ??= readProperty(init, name);
  return copy;
}

function isPlain(object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
