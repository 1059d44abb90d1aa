/** A name and its value; names may repeat. */
export type Pair = readonly [name: string, value: string];

/** Everything that headers can be made from; the types of Node have no name for it. */
export type HeadersSource = ConstructorParameters<typeof Headers>[0];

/** The headers of a signature; their values always come from an earlier one. */
export const SIGNATURE_HEADERS = [
  "authorization",
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-security-token",
] as const;

/** Tells the headers to sign: a small fixed set, so that proxies and tracers may add or change others. */
export function isSignable([name]: Pair): boolean {
  return name === "content-type" || name.startsWith("x-amz-");
}

/** Lists headers as pairs. By `forEach`: Deno's iterator takes ten times as long. */
export function listHeaders(headers: Headers): Pair[] {
  const pairs: Pair[] = [];
  headers.forEach((value, name) => pairs.push([name, value]));
  return pairs;
}

/** Copies headers. Deno would use its slow iterator; the others copy what is inside. */
export function copyHeaders(headers: HeadersSource): Headers {
  const iterates = Object.hasOwn(globalThis, "Deno") && headers instanceof Headers;
  try {
    return new Headers(iterates ? listHeaders(headers) as [string, string][] : headers);
  } catch {
    // The runtime's own error quotes the value, which may be a key
    throw new TypeError("A header is not valid in HTTP. Remove line breaks and control characters");
  }
}
