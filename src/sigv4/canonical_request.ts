import type { Pair } from "../platform/headers.ts";

/** The parts of a request that a signature covers. */
export interface SigningRequest {
  /** Upper case. */
  readonly method: string;
  /** As on the request line, so already percent-encoded once. */
  readonly path: string;
  /** Decoded. */
  readonly query: readonly Pair[];
  /** The headers to sign, as {@link canonicalPairs} returns them. */
  readonly headers: readonly Pair[];
  /** Hexadecimal SHA-256 of the body, or a literal such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/**
 * Formats the canonical request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(request: SigningRequest): string {
  return [
    request.method,
    canonicalURI(request.path),
    canonicalQueryString(request.query),
    canonicalHeaders(request.headers),
    signedHeaders(request.headers),
    request.payloadHash,
  ].join("\n");
}

/** Resolves dot segments and empty ones, then encodes again, as every service but S3 requires. */
export function canonicalURI(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(uriEncode(segment));
  }
  return `/${segments.join("/")}${segments.length && path.endsWith("/") ? "/" : ""}`;
}

/** Encodes all pairs, and sorts them by encoded name, then by encoded value. */
export function canonicalQueryString(query: readonly Pair[]): string {
  return query
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) =>
      compare(name, otherName) || compare(value, otherValue)
    )
    .map((pair) => pair.join("="))
    .join("&");
}

/** Normalizes headers for signing: lower case, sorted, each name once, values folded and joined. */
export function canonicalPairs(headers: readonly Pair[]): Pair[] {
  const all: [name: string, value: string][] = [];
  const sorted = headers
    .map((pair): [string, string] => [pair[0].toLowerCase(), fold(pair[1])])
    .sort((one, other) => compare(one[0], other[0]));
  for (const pair of sorted) {
    const before = all.at(-1);
    if (before?.[0] === pair[0]) before[1] += `,${pair[1]}`;
    else all.push(pair);
  }
  return all;
}

/** Formats the lines of {@link canonicalPairs}. */
function canonicalHeaders(headers: readonly Pair[]): string {
  let lines = "";
  for (const [name, value] of headers) lines += `${name}:${value}\n`;
  return lines;
}

/** Lists the names of {@link canonicalPairs}. */
export function signedHeaders(headers: readonly Pair[]): string {
  return headers.map(([name]) => name).join(";");
}

/** Folds white space. Skips values without any, such as long session tokens. */
function fold(value: string): string {
  if (!/[ \t\r\n]/.test(value)) return value;
  return value.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "");
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
function uriEncode(text: string): string {
  if (!/[^\w.~-]/.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
