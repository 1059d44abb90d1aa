/** A name and its value; names may repeat. */
export type Pair = readonly [name: string, value: string];

/** All that headers are made from; the types of Node have no name for it. */
export type HeadersSource = ConstructorParameters<typeof Headers>[0];

/** The headers that a signature consists of; whatever stands in them comes from an earlier one. */
export const SIGNATURE_HEADERS = [
  "authorization",
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-security-token",
] as const;

/** A small fixed set is signed, so that proxies and tracers may add or rewrite all other headers. */
export function isSignable([name]: Pair): boolean {
  return name === "content-type" || name.startsWith("x-amz-");
}

/** The pairs of headers, by `forEach`: Deno's iterator takes ten times as long. */
export function pairsOf(headers: Headers): Pair[] {
  const pairs: Pair[] = [];
  headers.forEach((value, name) => pairs.push([name, value]));
  return pairs;
}

/** Headers of one's own. Deno copies by its iterator, where the others take over what is inside. */
export function copiedHeaders(headers: HeadersSource): Headers {
  const iterates = Object.hasOwn(globalThis, "Deno") && headers instanceof Headers;
  return new Headers(iterates ? pairsOf(headers) as [string, string][] : headers);
}
