import { BedrockError, showUnlessKey } from "../errors.ts";
import type { BaseURLOptions } from "../options.ts";
import type { Environment } from "../platform/environment.ts";
import { isLoopback, parseCanonicalHost } from "./hosts.ts";
import type { Sourced } from "./region.ts";

/**
 * Reads the configured base URL, if any.
 *
 * @throws {BedrockError} `base_url_invalid`
 */
export function readBaseURL(
  { baseURL, allowInsecureHttp }: BaseURLOptions,
  env: Environment,
): Sourced<URL> | undefined {
  if (baseURL === null) return undefined;
  const text = baseURL?.trim() ?? env.get("AWS_BEDROCK_BASE_URL");
  if (text === undefined) return undefined;
  const [source, shown] = baseURL === undefined
    ? ["AWS_BEDROCK_BASE_URL", "AWS_BEDROCK_BASE_URL"]
    : ["`baseURL`", "{baseURL}"];
  const value = parseServiceURL(text, { source, shown }, ({ hostname }) => {
    if (parseCanonicalHost(hostname)) return "";
    return isLoopback(hostname) || allowInsecureHttp === true
      ? undefined
      : ", or set {allowInsecureHttp} to true if that network is yours";
  });
  return { value, source };
}

/** The origin of a URL, and its name in messages. */
export interface URLSource {
  readonly source: string;
  readonly shown: string;
}

/**
 * Parses the URL of a service that is trusted with credentials.
 *
 * @param alternative Says what else than https is possible, if plain http is refused.
 * @throws {BedrockError} `base_url_invalid`
 */
export function parseServiceURL(
  text: string,
  { source, shown }: URLSource,
  alternative: (url: URL) => string | undefined,
): URL {
  const refuse = (reason: string): never => {
    throw new BedrockError("base_url_invalid", `Cannot use ${shown}: ${reason}`, { source });
  };
  if (!URL.canParse(text)) return refuse("it is not an absolute URL. Start it with https://");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) {
    // A longer scheme may be a misplaced secret
    const scheme = /^[a-z]{2,5}:$/.test(url.protocol)
      ? `${url.protocol} and not https`
      : "not https";
    return refuse(`its scheme is ${scheme}. Start it with https://`);
  }
  if (url.username || url.password) {
    return refuse("it contains a user name or password. Pass credentials as options instead");
  }
  if (/[?#]/.test(url.href)) return refuse("it has a query or a fragment. Remove it");
  const other = url.protocol === "http:" ? alternative(url) : undefined;
  return other === undefined ? url : refuse(
    `plain http to ${showUnlessKey(url.host)} would expose credentials. Use https${other}`,
  );
}

/** Trims what is often pasted along with the root: `/responses…` and trailing slashes. */
export function trimRoot(url: URL): string {
  const segments = url.pathname.split("/");
  const responses = segments.indexOf("responses");
  if (responses >= 0) segments.length = responses;
  while (segments.at(-1) === "") segments.pop();
  return [url.origin, ...segments.slice(1)].join("/");
}
