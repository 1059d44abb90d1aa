import { BedrockError } from "./errors.ts";

/** Reads the URL of a request, and refuses one that is not to get a credential. */
export type OriginGuard = (requestURL: string) => URL;

/**
 * Guards the origin of the base URL, which alone ever gets a credential.
 *
 * @throws {BedrockError} `origin_mismatch`, when the guard is asked
 */
export function originGuard(baseURL: string): OriginGuard {
  const trusted = new URL(baseURL).origin;
  return (requestURL) => {
    // An object may turn into another text when it is sent
    const url = typeof requestURL === "string" ? parsed(requestURL) : undefined;
    if (url?.username || url?.password) {
      throw new BedrockError(
        "origin_mismatch",
        "Cannot authenticate a request to a URL with user information, which some runtimes would " +
          "send besides. Remove it",
      );
    }
    if (url && /^https?:$/.test(url.protocol) && url.origin === trusted) return url;
    const found = url ? `${url.protocol}//${url.host}` : "a URL that is not absolute";
    throw new BedrockError(
      "origin_mismatch",
      `Cannot authenticate a request to ${found}: only ${trusted} is trusted with credentials. ` +
        `Use an absolute URL below ${baseURL}, or set \`baseURL\` to the endpoint that you mean`,
    );
  };
}

function parsed(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
