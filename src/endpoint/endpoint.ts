import { BedrockError } from "../errors.ts";
import type { BedrockEndpoint, EndpointOptions } from "../options.ts";
import type { Environment } from "../platform/environment.ts";
import { configuredBaseURL, trimRoot } from "./base_url.ts";
import { canonicalHost, parseCanonicalHost } from "./hosts.ts";
import { regionMissing, resolveRegion, type Sourced } from "./region.ts";

/** What the rest of the configuration says that decides on the endpoint. */
export interface EndpointContext {
  /** Whether requests are signed with AWS credentials. */
  readonly isSigned: boolean;
  /** Reads the region of the selected AWS profile; asked last. */
  readonly profileRegion: (() => string | undefined) | undefined;
  /** Says where else a region can be set. */
  readonly regionAdvice?: string | undefined;
}

/** Where requests go, and what their signatures are scoped to. */
export interface Endpoint {
  readonly family: BedrockEndpoint;
  readonly region: string | undefined;
  /** Without a trailing slash. */
  readonly baseURL: string;
  /** Whether it was derived from family and region rather than configured. */
  readonly derived: boolean;
  /** The service name of Signature Version 4. */
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
 * @throws {BedrockError} `region_missing`, `region_invalid`, `base_url_invalid`, `base_url_mismatch`,
 * `endpoint_required`
 */
export function resolveEndpoint(
  options: EndpointOptions,
  env: Environment,
  { isSigned, profileRegion, regionAdvice }: EndpointContext,
): Endpoint {
  const configured = configuredBaseURL(options, env);
  const url = configured?.value;
  const canonical = url && parseCanonicalHost(url.hostname);
  const found = resolveRegion(options.region, env, {
    hostRegion: canonical?.region,
    profileRegion: isSigned ? profileRegion : undefined,
  });
  const region = found?.value;
  const { value: family, source } = resolveFamily(options.endpoint, canonical?.family);

  if (url && canonical) assertCanonical(url, canonical.family, family, canonical.region, region);
  if (url && !canonical && isSigned && options.endpoint === undefined) {
    throw new BedrockError(
      "endpoint_required",
      `Cannot sign for the custom host ${url.host} without knowing the service behind it. ` +
        'Set {endpoint} to "mantle" or "runtime"',
      { option: "endpoint" },
    );
  }
  if (!region && (isSigned || !url)) throw regionMissing(env, regionAdvice);
  return {
    family,
    region,
    baseURL: url ? trimRoot(url) : `https://${canonicalHost(family, region!)}/openai/v1`,
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
  endpoint: BedrockEndpoint | undefined,
  hostFamily: BedrockEndpoint | undefined,
): Sourced<BedrockEndpoint> {
  if (endpoint !== undefined) return { value: endpoint, source: "`endpoint`" };
  return hostFamily
    ? { value: hostFamily, source: "the host of the base URL" }
    : { value: "mantle", source: "the default" };
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
        `Set {endpoint} to "${hostFamily}", or leave it out`,
      { option: "endpoint" },
    );
  }
  if (region !== hostRegion) {
    throw new BedrockError(
      "base_url_mismatch",
      `The host ${url.host} is in ${hostRegion}, but {region}, AWS_REGION or ` +
        `AWS_DEFAULT_REGION says ${region}. Make them agree`,
      { option: "region" },
    );
  }
}
