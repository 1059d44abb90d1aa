import type { Environment } from "./environment.ts";
import { BedrockError } from "./errors.ts";
import { isLoopback, parseCanonicalHost } from "./host.ts";
import type { Sourced } from "./region.ts";

/** The options that set the root of the API. */
export interface BaseURLOptions {
  /**
   * Root of the API, instead of the one derived from `endpoint` and `region`.
   *
   * Falls back to `AWS_BEDROCK_BASE_URL`; `null` skips that variable.
   */
  baseURL?: string | null | undefined;
  /**
   * Allows a plain http base URL on a host that is not loopback. Credentials then cross the
   * network unencrypted.
   *
   * @default {false}
   */
  allowInsecureHttp?: boolean | undefined;
}

/**
 * Reads the base URL that is configured, if any.
 *
 * @throws {BedrockError} `option_invalid`, `base_url_invalid`
 */
export function configuredBaseURL(
  { baseURL, allowInsecureHttp }: BaseURLOptions,
  env: Environment,
): Sourced<URL> | undefined {
  if (baseURL === null) return undefined;
  if (baseURL !== undefined && (typeof baseURL !== "string" || !baseURL.trim())) {
    throw new BedrockError(
      "option_invalid",
      "`baseURL` is blank or not a string. Pass a URL as a string, or null to derive it from " +
        "`endpoint` and `region`",
    );
  }
  const text = baseURL?.trim() ?? env.get("AWS_BEDROCK_BASE_URL");
  if (text === undefined) return undefined;
  const source = baseURL === undefined ? "AWS_BEDROCK_BASE_URL" : "`baseURL`";
  const refuse = (reason: string): never => {
    throw new BedrockError("base_url_invalid", `Cannot use ${source}: ${reason}`);
  };
  if (!URL.canParse(text)) return refuse("it is not an absolute URL. Start it with https://");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) {
    // A longer scheme may be a secret in the wrong place
    const shown = /^[a-z]{2,5}:$/.test(url.protocol)
      ? `${url.protocol} and not https`
      : "not https";
    return refuse(`its scheme is ${shown}: Start it with https://`);
  }
  if (url.username || url.password) {
    return refuse("it holds user information. Pass credentials as options instead");
  }
  if (/[?#]/.test(url.href)) return refuse("it has a query or a fragment. Remove it");
  if (url.protocol === "http:" && parseCanonicalHost(url.hostname)) {
    return refuse(`${url.host} is never served by plain http. Start it with https://`);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && allowInsecureHttp !== true) {
    return refuse(
      `plain http to ${url.host} would expose credentials. Use https, ` +
        "or set `allowInsecureHttp: true` if that network is yours",
    );
  }
  return { value: url, source };
}

/** Cuts what people paste along with the root: `/responses…` and slashes. */
export function withoutTail(url: URL): string {
  const segments = url.pathname.split("/");
  const responses = segments.indexOf("responses");
  if (responses >= 0) segments.length = responses;
  while (segments.at(-1) === "") segments.pop();
  return [url.origin, ...segments.slice(1)].join("/");
}
