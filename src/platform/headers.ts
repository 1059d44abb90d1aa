/** A name and a value; names may repeat. */
export type Pair = readonly [name: string, value: string];

/** Anything that `new Headers()` takes; the types of Node have no name for it. */
export type HeadersSource = ConstructorParameters<typeof Headers>[0];

/** The headers that a signature sets; existing ones are from an earlier signature. */
export const SIGNATURE_HEADERS = [
  "authorization",
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-security-token",
] as const;

/**
 * Selects the headers to sign: a small set, so that proxies and tracers may add or change others.
 */
export function isSignable([name]: Pair): boolean {
  return name === "content-type" || name.startsWith("x-amz-");
}

/** Lists headers as pairs. Uses `forEach`, as Deno's iterator takes ten times as long. */
export function listHeaders(headers: Headers): Pair[] {
  const pairs: Pair[] = [];
  headers.forEach((value, name) => pairs.push([name, value]));
  return pairs;
}

/** Copies headers, on Deno without its slow iterator. */
export function copyHeaders(headers: HeadersSource): Headers {
  const iterates = Object.hasOwn(globalThis, "Deno") && headers instanceof Headers;
  try {
    return new Headers(iterates ? listHeaders(headers) as [string, string][] : headers);
  } catch {
    // The runtime's own error quotes the value, which may be a key
    throw new TypeError("A header is not valid HTTP. Remove line breaks and control characters");
  }
}
