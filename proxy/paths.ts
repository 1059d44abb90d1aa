import { Refusal } from "../loopback/refusal.ts";
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

/** @throws {Refusal} If the path is not below one of the roots, or the query holds a signature. */
export function upstreamUrl(
  request: Request,
  { url, roots }: { readonly url: string; readonly roots: readonly string[] },
): string {
  const { pathname, search } = new URL(request.url);
  if (!roots.some((root) => pathname.startsWith(`${root}/`)) || leadsElsewhere(pathname)) {
    throw new Refusal(
      404,
      "unknown_url",
      "invalid_request_error",
      `The API is served below ${roots.map((root) => root || "/").join(" and ")}`,
    );
  }
  if (/[?&]x-amz-/i.test(search)) {
    throw new Refusal(
      400,
      "signed_query",
      "invalid_request_error",
      "The query has parameters of a signature, which this server makes itself. Leave them out",
    );
  }
  return new URL(url).origin + pathname + search;
}

/** Whether a path could be another to a gateway that decodes it before it looks where it leads. */
function leadsElsewhere(pathname: string): boolean {
  try {
    const decoded = decodeURIComponent(pathname);
    return decoded.includes("\0") ||
      /(?:^|[/\\])\.{1,2}(?:[/\\;]|$)|\\|\/\//.test(decoded);
  } catch {
    return true; // no text
  }
}
