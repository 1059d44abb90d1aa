import { askedEncoding } from "./encoding.ts";
import { assertNoOverride } from "./method_override.ts";

/** The headers that concern one connection only (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The headers that are meant for this server alone, or set by `fetch`. */
const FOR_THE_PROXY = [
  "authorization",
  "content-length",
  "cookie",
  "cookie2",
  "expect",
  "host",
  "http2-settings",
  "origin",
  "referer",
  "via",
];
const FOR_THE_PROXY_ALL = [
  /^(?:x-amz|sec|access-control)-/,
  /^(?:x-)?forwarded(?:-|$)/,
  /^x-(?:original|rewrite)/,
  /-ip$/,
  /api-?key|access-key|subscription-key|authorization|credential|password|secret|token/,
];

/** The headers of the service that concern its own origin or credentials, or that the server sets. */
const FOR_THE_SERVICE_ALONE = [
  "alt-svc",
  "authorization",
  "clear-site-data",
  "content-length",
  "nel",
  "report-to",
  "reporting-endpoints",
  "service-worker-allowed",
  "set-cookie",
  "set-cookie2",
  "strict-transport-security",
  "x-amz-security-token",
];

/**
 * Selects the headers to send on.
 *
 * @throws {Refusal} If one of them asks for another method.
 */
export function forwardedHeaders(received: Headers): Headers {
  assertNoOverride("header", received.keys());
  const headers = withoutHops(received);
  for (const name of [...headers.keys()]) {
    if (isForTheProxy(name)) headers.delete(name);
  }
  headers.set("accept-encoding", askedEncoding(headers));
  return headers;
}

/**
 * Selects the headers to respond with: no page may read them, no cookie is set for this machine, and
 * where the body ends is not for the service to say. Its length is left out of responses without a
 * body as well (to HEAD, or 304): nobody has counted it, and a client that takes such a response for
 * another waits for bytes that never come.
 */
export function responseHeaders(received: Headers): Headers {
  const headers = withoutHops(received);
  for (const name of FOR_THE_SERVICE_ALONE) headers.delete(name);
  for (const name of [...headers.keys()]) {
    if (name.startsWith("access-control-")) headers.delete(name);
  }
  return headers;
}

/** Compares names as CGI, WSGI and the like do, to which an underscore is a hyphen. */
function isForTheProxy(name: string): boolean {
  const hyphenated = name.replaceAll("_", "-");
  return FOR_THE_PROXY.includes(hyphenated) || HOP_BY_HOP.includes(hyphenated) ||
    FOR_THE_PROXY_ALL.some((kind) => kind.test(hyphenated));
}

function withoutHops(received: Headers): Headers {
  const headers = new Headers(received);
  const named = (received.get("connection") ?? "").split(",").map((name) => name.trim());
  for (const name of [...HOP_BY_HOP, ...named.filter((name) => TOKEN.test(name))]) {
    headers.delete(name);
  }
  return headers;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
