import { BedrockError, showUnlessKey } from "../errors.ts";
import type { BaseURLOptions } from "../options.ts";
import type { Environment } from "../platform/environment.ts";
import { isLoopback, parseCanonicalHost } from "./hosts.ts";
import type { Sourced } from "./region.ts";

/**
 * Reads the base URL that is configured, if any.
 *
 * @throws {BedrockError} `base_url_invalid`
 */
export function configuredBaseURL(
  { baseURL, allowInsecureHttp }: BaseURLOptions,
  env: Environment,
): Sourced<URL> | undefined {
  if (baseURL === null) return undefined;
  const text = baseURL?.trim() ?? env.get("AWS_BEDROCK_BASE_URL");
  if (text === undefined) return undefined;
  const [source, shown] = baseURL === undefined
    ? ["AWS_BEDROCK_BASE_URL", "AWS_BEDROCK_BASE_URL"]
    : ["`baseURL`", "{baseURL}"];
  const refuse = (reason: string): never => {
    throw new BedrockError("base_url_invalid", `Cannot use ${shown}: ${reason}`, { source });
  };
  if (!URL.canParse(text)) return refuse("it is not an absolute URL. Start it with https://");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) {
    // A longer scheme may be a secret in the wrong place
    const scheme = /^[a-z]{2,5}:$/.test(url.protocol)
      ? `${url.protocol} and not https`
      : "not https";
    return refuse(`its scheme is ${scheme}: Start it with https://`);
  }
  if (url.username || url.password) {
    return refuse("it holds user information. Pass credentials as options instead");
  }
  if (/[?#]/.test(url.href)) return refuse("it has a query or a fragment. Remove it");
  if (url.protocol === "http:" && parseCanonicalHost(url.hostname)) {
    return refuse(
      `${showUnlessKey(url.host)} is never served by plain http. Start it with https://`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && allowInsecureHttp !== true) {
    return refuse(
      `plain http to ${showUnlessKey(url.host)} would expose credentials. Use https, ` +
        "or set {allowInsecureHttp} to true if that network is yours",
    );
  }
  return { value: url, source };
}

/** Cuts what people paste along with the root: `/responses…` and trailing slashes. */
export function trimRoot(url: URL): string {
  const segments = url.pathname.split("/");
  const responses = segments.indexOf("responses");
  if (responses >= 0) segments.length = responses;
  while (segments.at(-1) === "") segments.pop();
  return [url.origin, ...segments.slice(1)].join("/");
}
