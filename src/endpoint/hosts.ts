import { BedrockError } from "../errors.ts";
import type { BedrockEndpoint } from "../options.ts";

/** The endpoint family and region that a canonical AWS host names. */
export interface CanonicalHost {
  readonly family: BedrockEndpoint;
  readonly region: string;
}

/** The standard and the dual-stack DNS suffix of the hosts of a partition. */
type DnsSuffixes = readonly [standard: string, dualStack: string];

/**
 * DNS suffixes by region prefix, as the official OpenAI SDKs have them
 * (openai-node `src/internal/bedrock.ts`, read in 7.57.0).
 */
const SUFFIXES_BY_REGION_PREFIX: readonly [prefix: string, suffixes: DnsSuffixes][] = [
  ["cn-", ["amazonaws.com.cn", "api.amazonwebservices.com.cn"]],
  ["eusc-", ["amazonaws.eu", "api.amazonwebservices.eu"]],
  ["us-iso-", ["c2s.ic.gov", "api.aws.ic.gov"]],
  ["us-isob-", ["sc2s.sgov.gov", "api.aws.scloud"]],
  ["eu-isoe-", ["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"]],
  ["us-isof-", ["csp.hci.ic.gov", "api.aws.hci.ic.gov"]],
];

/** The suffixes of the commercial partition, which GovCloud shares. */
const DEFAULT_SUFFIXES: DnsSuffixes = ["amazonaws.com", "api.aws"];

/** The suffix of Mantle in every partition that serves it. */
const MANTLE_SUFFIX = "api.aws";

/** Finds the DNS suffixes of a region's partition, which Bedrock Runtime, STS and others share. */
export function dnsSuffixes(region: string): DnsSuffixes {
  const known = SUFFIXES_BY_REGION_PREFIX.find(([prefix]) => region.startsWith(prefix));
  return known ? known[1] : DEFAULT_SUFFIXES;
}

/** Builds the host of an endpoint family in a region. */
export function canonicalHost(family: BedrockEndpoint, region: string): string {
  return family === "mantle"
    ? `bedrock-mantle.${region}.${MANTLE_SUFFIX}`
    : `bedrock-runtime.${region}.${dnsSuffixes(region)[0]}`;
}

/**
 * Recognizes a canonical AWS host, FIPS, dual-stack and a trailing dot included, and that of a VPC
 * endpoint (PrivateLink), whose form for Mantle is assumed from AWS's other services.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
 */
export function parseCanonicalHost(hostname: string): CanonicalHost | undefined {
  const [, vpce, service, fips, region = "", suffix = ""] =
    /^(vpce-[\w-]+\.)?bedrock-(mantle|runtime)(-fips)?\.([\w-]+)\.(.+?)\.?$/.exec(
      hostname.toLowerCase(),
    ) ?? [];
  if (!service || fips && service === "mantle") return undefined;
  const suffixes = dnsSuffixes(region);
  const isKnown = vpce
    ? suffix === `vpce.${suffixes[0]}`
    : service === "mantle"
    ? suffix === MANTLE_SUFFIX
    : suffixes.includes(suffix);
  return isKnown ? { family: service as BedrockEndpoint, region } : undefined;
}

/** Checks if a URL host name is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

/** Parses the URL of a request, and refuses those that must not get a credential. */
export type OriginGuard = (requestURL: string) => URL;

/**
 * Creates a guard that only lets requests to the origin of the base URL get credentials.
 *
 * @throws {BedrockError} `origin_mismatch`, from the guard
 */
export function guardOrigin(baseURL: string): OriginGuard {
  const trusted = new URL(baseURL).origin;
  return (requestURL) => {
    // An object could convert to a different string when it is sent
    const url = typeof requestURL === "string" ? parseUrl(requestURL) : undefined;
    if (url?.username || url?.password) {
      throw new BedrockError(
        "origin_mismatch",
        "Cannot authenticate a request to a URL with a user name or password. Remove them",
      );
    }
    if (url && /^https?:$/.test(url.protocol) && url.origin === trusted) return url;
    const found = url ? `${url.protocol}//${url.host}` : "a URL that is not absolute";
    throw new BedrockError(
      "origin_mismatch",
      `Cannot authenticate a request to ${found}: only ${trusted} is trusted with credentials. ` +
        `Use an absolute URL below ${baseURL}, or change {baseURL}`,
    );
  };
}

function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
