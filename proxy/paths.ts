import { invalid, Refusal } from "../loopback/refusal.ts";
import type { BedrockEndpoint } from "../src/options.ts";
import { assertNoOverride } from "./method_override.ts";

/**
 * The paths that the API is served under: that of the base URL and, on Mantle, its other one, as
 * each of the two serves models that the other does not.
 */
export function apiRoots(url: string, endpoint: BedrockEndpoint): string[] {
  const path = new URL(url).pathname.replace(/(?<!\/)\/+$/, "");
  const [, prefix] = /^(.*?)(?:\/openai)?\/v1$/.exec(path) ?? [];
  if (endpoint !== "mantle" || prefix === undefined) return [path];
  return [path, ...[`${prefix}/openai/v1`, `${prefix}/v1`].filter((root) => root !== path)];
}

/**
 * @throws {Refusal} If the path is not below one of the roots for whoever reads it, or the query
 * holds a signature.
 */
export function upstreamUrl(
  request: Request,
  { url, roots }: { readonly url: string; readonly roots: readonly string[] },
): string {
  const { pathname, search } = new URL(request.url);
  // Some servers separate parameters by semicolons as well
  const names = [...new URLSearchParams(search.replaceAll(";", "&")).keys()];
  if (!roots.some((root) => pathname.startsWith(`${root}/`))) {
    throw new Refusal(
      404,
      "unknown_url",
      "invalid_request_error",
      `The API is served below ${roots.map((root) => root || "/").join(" and ")}`,
    );
  }
  if (isAmbiguous(pathname)) {
    throw invalid(
      "The path may be read as another one: send it without empty segments, without segments that " +
        "begin with a dot, without semicolons, and without escapes that are malformed or stand for " +
        "percent signs, question marks, number signs, slashes before dots, backslashes or control " +
        "characters",
    );
  }
  if (names.some((name) => /^x-amz-/i.test(name))) {
    throw invalid("The query must not have X-Amz-* parameters: the proxy itself authenticates");
  }
  assertNoOverride("query parameter", names);
  return new URL(url).origin + pathname + search;
}

/**
 * Tells whether a server behind may read a path as another one: some decode before they resolve dots, do so
 * twice, fold characters that look alike (NFKC), trim a segment, or cut what follows its dots, such
 * as a parameter.
 */
function isAmbiguous(pathname: string): boolean {
  try {
    const decoded = decodeURIComponent(pathname).normalize("NFKC");
    const segments = decoded.slice(1).split("/");
    return segments.slice(0, -1).includes("") || segments.some((each) => DOT_FIRST.test(each)) ||
      MISREAD.test(decoded);
  } catch {
    return true;
  }
}

const DOT_FIRST = /^[\s\p{C}]*\./u;
/**
 * To a server that decodes before it splits, a percent sign begins an escape, and a question or number
 * sign ends the path; to some, a semicolon ends a segment.
 */
const MISREAD = /[\\%?#;\p{Cc}]/u;
