import { type Environment, permissionAdvice } from "./environment.ts";
import { BedrockError } from "./errors.ts";
import { type BedrockEndpoint, canonicalHost, isLoopback, parseCanonicalHost } from "./host.ts";

/** Where to send requests. */
export interface EndpointOptions {
  /**
   * Endpoint family: `"mantle"`, or `"runtime"` for the OpenAI routes of Bedrock Runtime.
   *
   * @default {"mantle"} or the family that a canonical AWS host in the base URL names
   */
  endpoint?: BedrockEndpoint | undefined;
  /**
   * AWS region, such as `us-west-2`. There is no silent default.
   *
   * Falls back to `AWS_REGION`, `AWS_DEFAULT_REGION`, then a canonical host in the base URL.
   */
  region?: string | undefined;
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

/** What the rest of the configuration says that decides on the endpoint. */
export interface EndpointContext {
  /** Whether requests are signed with AWS credentials. */
  readonly sigv4: boolean;
  /** The region of the selected AWS profile, asked for last. */
  readonly profileRegion?: (() => string | undefined) | undefined;
}

/** Where requests go, and what their signatures are scoped to. */
export interface Endpoint {
  readonly family: BedrockEndpoint;
  readonly region: string | undefined;
  /** Without a trailing slash. */
  readonly baseURL: string;
  /** The name that Signature Version 4 knows the service by. */
  readonly service: "bedrock-mantle" | "bedrock";
}

const REGION = /^[a-z]{2,8}(?:-[a-z0-9]+)+-\d+$/;

/**
 * Decides where requests go.
 *
 * @throws {BedrockError} `option_invalid`, `region_missing`, `region_invalid`, `base_url_invalid`,
 * `base_url_mismatch`, `endpoint_required`
 */
export function resolveEndpoint(
  options: EndpointOptions,
  env: Environment,
  { sigv4, profileRegion }: EndpointContext,
): Endpoint {
  const url = configuredBaseURL(options, env);
  const canonical = url && parseCanonicalHost(url.hostname);
  const region = resolveRegion(options, env, canonical?.region) ??
    (sigv4 ? validRegion(profileRegion?.(), "the AWS profile") : undefined);
  const family = endpointOption(options) ?? canonical?.family ?? "mantle";

  if (url && canonical) assertCanonical(url, canonical.family, family, canonical.region, region);
  if (url && !canonical && sigv4 && options.endpoint === undefined) {
    throw new BedrockError(
      "endpoint_required",
      `Cannot sign for the custom host ${url.host} without knowing the service behind it. ` +
        'Set `endpoint` to "mantle" or "runtime"',
    );
  }
  if (!region && (sigv4 || !url)) {
    throw new BedrockError(
      "region_missing",
      "No AWS region was found. Pass `region`, or set AWS_REGION or AWS_DEFAULT_REGION" +
        (profileRegion ? ", or give the AWS profile a region" : "") + permissionAdvice(env),
    );
  }
  const baseURL = url
    ? withoutTail(url)
    : `https://${canonicalHost(family, region as string)}/openai/v1`;
  return { family, region, baseURL, service: family === "runtime" ? "bedrock" : "bedrock-mantle" };
}

function endpointOption({ endpoint }: EndpointOptions): BedrockEndpoint | undefined {
  if (endpoint === undefined || endpoint === "mantle" || endpoint === "runtime") return endpoint;
  throw new BedrockError(
    "option_invalid",
    '`endpoint` is neither "mantle" nor "runtime". Use one of the two, or leave it out; ' +
      "a URL goes into `baseURL`",
  );
}

function resolveRegion(
  { region }: EndpointOptions,
  env: Environment,
  hostRegion: string | undefined,
): string | undefined {
  if (region !== undefined && (typeof region !== "string" || !region.trim())) {
    throw new BedrockError(
      "option_invalid",
      "`region` is blank or not a string. Pass one such as us-west-2, or leave it out",
    );
  }
  if (region !== undefined) return validRegion(region.trim(), "`region`");
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) {
    const value = env.get(name);
    if (value) return validRegion(value, name);
  }
  return validRegion(hostRegion, "the host of the base URL");
}

/** A region forms a host name, so anything but a plain one is refused before it can. */
function validRegion(region: string | undefined, source: string): string | undefined {
  if (region === undefined || REGION.test(region)) return region;
  // What has capitals or is long may be a secret in the wrong place
  const shown = /^[a-z0-9.\-/@:]{1,32}$/.test(region) ? `${JSON.stringify(region)} ` : "";
  throw new BedrockError(
    "region_invalid",
    `The region ${shown}from ${source} is not an AWS region. Use one such as us-west-2`,
  );
}

function configuredBaseURL(options: EndpointOptions, env: Environment): URL | undefined {
  const { baseURL, allowInsecureHttp } = options;
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
  const refuse = (reason: string) => {
    throw new BedrockError("base_url_invalid", `Cannot use ${source}: ${reason}`);
  };
  if (!URL.canParse(text)) return refuse("it is not an absolute URL. Start it with https://");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) {
    return refuse(`its scheme is ${url.protocol} and not https: Start it with https://`);
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
  return url;
}

function assertCanonical(
  url: URL,
  hostFamily: BedrockEndpoint,
  family: BedrockEndpoint,
  hostRegion: string,
  region: string | undefined,
): void {
  if (hostFamily !== family) {
    throw new BedrockError(
      "base_url_mismatch",
      `The host ${url.host} serves the ${hostFamily} endpoint, not ${family}. ` +
        `Set \`endpoint: "${hostFamily}"\`, or leave it out`,
    );
  }
  if (region !== hostRegion) {
    throw new BedrockError(
      "base_url_mismatch",
      `The host ${url.host} is in ${hostRegion}, but \`region\`, AWS_REGION or ` +
        `AWS_DEFAULT_REGION says ${region}. Make them agree`,
    );
  }
}

/** Cuts what people paste along with the root: `/responses…` and slashes. */
function withoutTail(url: URL): string {
  return url.origin + url.pathname.replace(/\/responses(?:\/.*)?$/, "").replace(/\/+$/, "");
}
