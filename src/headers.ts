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

/** The pairs of headers, by `forEach`: Deno's iterator takes ten times as long. */
export function pairsOf(headers: Headers): Pair[] {
  const pairs: Pair[] = [];
  headers.forEach((value, name) => pairs.push([name, value]));
  return pairs;
}

/** Headers of one's own, by way of {@link pairsOf}, as copying iterates. */
export function copiedHeaders(headers: HeadersSource): Headers {
  const init = headers instanceof Headers ? pairsOf(headers) : headers;
  return new Headers(init as HeadersSource);
}
