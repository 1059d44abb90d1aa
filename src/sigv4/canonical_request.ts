import type { Pair } from "../headers.ts";

export type { Pair } from "../headers.ts";

/** What a signature covers, as plain data. */
export interface SigningRequest {
  /** In upper case. */
  readonly method: string;
  /** As it stands on the request line, so already percent-encoded once. */
  readonly path: string;
  /** Decoded. */
  readonly query: readonly Pair[];
  /** Exactly those to be signed. */
  readonly headers: readonly Pair[];
  /** Hexadecimal SHA-256 of the body, or a literal such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/**
 * Joins what a signature covers into one text.
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

/** Resolves dot segments and empty ones, then encodes again: every service but S3 wants both. */
export function canonicalURI(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(uriEncode(segment));
  }
  return `/${segments.join("/")}${segments.length && path.endsWith("/") ? "/" : ""}`;
}

/** Encodes every pair and sorts by encoded name, then by encoded value. */
export function canonicalQueryString(query: readonly Pair[]): string {
  return query
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) =>
      compare(name, otherName) || compare(value, otherValue)
    )
    .map((pair) => pair.join("="))
    .join("&");
}

/** A line per name, each with its line end, its values trimmed, folded and joined in the order they came. */
export function canonicalHeaders(headers: readonly Pair[]): string {
  const lines = new Map<string, string>(namesOf(headers).map((name) => [name, ""]));
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = lines.get(key);
    lines.set(key, before ? `${before},${folded(value)}` : `${key}:${folded(value)}`);
  }
  let text = "";
  for (const line of lines.values()) text += `${line}\n`;
  return text;
}

/** The names in {@link canonicalHeaders}. */
export function signedHeaders(headers: readonly Pair[]): string {
  return namesOf(headers).join(";");
}

function namesOf(headers: readonly Pair[]): string[] {
  return [...new Set(headers.map(([name]) => name.toLowerCase()).sort())];
}

/** A session token is long, and has nothing to fold. */
function folded(value: string): string {
  if (!/[ \t\r\n]/.test(value)) return value;
  return value.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "");
}

/** Percent-encodes all but RFC 3986's unreserved characters. */
function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
