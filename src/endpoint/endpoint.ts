import { BedrockError } from "../errors.ts";
import { type BedrockEndpoint, type EndpointOptions, FAMILY_RULE } from "../options.ts";
import type { Environment } from "../platform/environment.ts";
import { readBaseURL, trimRoot } from "./base_url.ts";
import { canonicalHost, parseCanonicalHost } from "./hosts.ts";
import { regionMissing, resolveRegion, type Sourced } from "./region.ts";

/** The rest of the configuration, as far as the endpoint depends on it. */
export interface EndpointContext {
  /** True if requests are signed with AWS credentials. */
  readonly isSigned: boolean;
  /** Reads the region of the selected AWS profile; called last. */
  readonly profileRegion: (() => string | undefined) | undefined;
  /** Says where else a region can be set. */
  readonly regionAdvice?: string | undefined;
}

/** The target of requests, and the scope of their signatures. */
export interface Endpoint {
  readonly family: BedrockEndpoint;
  readonly region: string | undefined;
  /** Without a trailing slash. */
  readonly baseURL: string;
  /** True if the base URL was derived from family and region, false if it was configured. */
  readonly derived: boolean;
  /** The service name of Signature Version 4. */
  readonly service: "bedrock-mantle" | "bedrock";
  /** The source of each setting. */
  readonly sources: {
    readonly family: string;
    readonly region: string | undefined;
    readonly baseURL: string;
  };
}

/**
 * Decides where requests go.
 *
 * @throws {BedrockError} `region_missing`, `region_invalid`, `base_url_invalid`,
 * `base_url_mismatch`, `endpoint_required`
 */
export function resolveEndpoint(
  options: EndpointOptions,
  env: Environment,
  { isSigned, profileRegion, regionAdvice }: EndpointContext,
): Endpoint {
  const configured = readBaseURL(options, env);
  const url = configured?.value;
  const canonical = url && parseCanonicalHost(url.hostname);
  const found = resolveRegion(options.region, env, {
    hostRegion: canonical?.region,
    profileRegion: isSigned || !url ? profileRegion : undefined,
  });
  const region = found?.value;
  const named = readFamily(options.endpoint, env);
  const { value: family, source } = named ??
    (canonical
      ? { value: canonical.family, source: "the host of the base URL" }
      : { value: "mantle", source: "the default" });

  if (url && canonical) {
    assertCanonical(url, canonical.family, family, canonical.region, region);
    assertApi(trimRoot(url));
  }
  if (url && !canonical && isSigned && !named) {
    throw new BedrockError(
      "endpoint_required",
      `The custom host ${url.host} needs {endpoint}: "mantle" or "runtime"`,
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

/** Reads the family from the option, or else from the variable. */
function readFamily(
  option: BedrockEndpoint | undefined,
  env: Environment,
): Sourced<BedrockEndpoint> | undefined {
  if (option) return { value: option, source: "`endpoint`" };
  const source = "AWS_BEDROCK_ENDPOINT";
  const value = env.get(source);
  if (value === undefined) return undefined;
  const [isFamily, complaint] = FAMILY_RULE;
  if (isFamily(value)) return { value: value as BedrockEndpoint, source };
  throw new BedrockError("option_invalid", `${source} ${complaint}`, { source });
}

/** Refuses a path of an AWS host where no API is, which would get 404. */
function assertApi(baseURL: string): void {
  if (/\/v1$/.test(baseURL)) return;
  throw new BedrockError(
    "base_url_invalid",
    `There is no API at ${baseURL}. Use ${new URL(baseURL).origin}/openai/v1, or /v1 there`,
    { option: "baseURL" },
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
        `Set {endpoint} to "${hostFamily}", or omit it`,
      { option: "endpoint" },
    );
  }
  if (region !== hostRegion) {
    throw new BedrockError(
      "base_url_mismatch",
      `The host ${url.host} is in ${hostRegion}, but {region}, AWS_REGION or ` +
        `AWS_DEFAULT_REGION says ${region}. Make them match`,
      { option: "region" },
    );
  }
}
