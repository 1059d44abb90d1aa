import { type BaseURLOptions, configuredBaseURL, withoutTail } from "./base_url.ts";
import type { Environment } from "./environment.ts";
import { BedrockError } from "./errors.ts";
import { type BedrockEndpoint, canonicalHost, parseCanonicalHost } from "./host.ts";
import { regionMissing, resolveRegion, type Sourced } from "./region.ts";

/** Where to send requests. */
export interface EndpointOptions extends BaseURLOptions {
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
  /** Whether it was derived from family and region, and not set. */
  readonly derived: boolean;
  /** The name that Signature Version 4 knows the service by. */
  readonly service: "bedrock-mantle" | "bedrock";
  /** What each was taken from. */
  readonly sources: {
    readonly family: string;
    readonly region: string | undefined;
    readonly baseURL: string;
  };
}

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
  const configured = configuredBaseURL(options, env);
  const url = configured?.value;
  const canonical = url && parseCanonicalHost(url.hostname);
  const found = resolveRegion(options, env, {
    hostRegion: canonical?.region,
    profileRegion: sigv4 ? profileRegion : undefined,
  });
  const region = found?.value;
  const { value: family, source } = resolveFamily(options, canonical?.family);

  if (url && canonical) assertCanonical(url, canonical.family, family, canonical.region, region);
  if (url && !canonical && sigv4 && options.endpoint === undefined) {
    throw new BedrockError(
      "endpoint_required",
      `Cannot sign for the custom host ${url.host} without knowing the service behind it. ` +
        'Set `endpoint` to "mantle" or "runtime"',
    );
  }
  if (!region && (sigv4 || !url)) throw regionMissing(env, profileRegion !== undefined);
  return {
    family,
    region,
    baseURL: url ? withoutTail(url) : `https://${canonicalHost(family, region!)}/openai/v1`,
    derived: url === undefined,
    service: family === "runtime" ? "bedrock" : "bedrock-mantle",
    sources: {
      family: source,
      region: found?.source,
      baseURL: configured?.source ?? "derived from endpoint and region",
    },
  };
}

function resolveFamily(
  { endpoint }: EndpointOptions,
  hostFamily: BedrockEndpoint | undefined,
): Sourced<BedrockEndpoint> {
  if (endpoint === "mantle" || endpoint === "runtime") {
    return { value: endpoint, source: "`endpoint`" };
  }
  if (endpoint === undefined) {
    return hostFamily
      ? { value: hostFamily, source: "the host of the base URL" }
      : { value: "mantle", source: "the default" };
  }
  throw new BedrockError(
    "option_invalid",
    '`endpoint` is neither "mantle" nor "runtime". Use one of the two, or leave it out; ' +
      "a URL goes into `baseURL`",
  );
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
