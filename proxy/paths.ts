import { invalid, Refusal } from "../loopback/refusal.ts";
import type { BedrockEndpoint } from "../src/host.ts";

/**
 * The paths that the API is served under: that of the base URL and, on Mantle, its other one, as
 * each of the two serves models that the other does not.
 */
export function apiRoots(url: string, endpoint: BedrockEndpoint): string[] {
  const path = new URL(url).pathname.replace(/\/+$/, "");
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
  const { pathname, search, searchParams } = new URL(request.url);
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
      "The path may be read as another one: send it without empty segments, and without escapes " +
        "that are malformed or stand for dot segments, backslashes or NUL",
    );
  }
  if ([...searchParams.keys()].some((name) => /^x-amz-/i.test(name))) {
    throw invalid("The query must not have X-Amz-* parameters: the proxy itself authenticates");
  }
  return new URL(url).origin + pathname + search;
}

/** Some servers decode before they resolve dots, do so twice, or cut what follows a semicolon. */
function isAmbiguous(pathname: string): boolean {
  try {
    const decoded = decodeURIComponent(pathname);
    const segments = decoded.slice(1).split("/");
    return segments.slice(0, -1).includes("") ||
      segments.some((segment) => /^\.\.?(?:;|$)/.test(segment)) ||
      /[\\\0]|%(?:25)*(?:2[ef]|5c|00)/i.test(decoded);
  } catch {
    return true;
  }
}
