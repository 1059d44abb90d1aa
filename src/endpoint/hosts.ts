import { BedrockError } from "../errors.ts";
import type { BedrockEndpoint } from "../options.ts";

/** What a canonical AWS host says about itself. */
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

/** Mantle has this suffix in every partition where it is served. */
const MANTLE_SUFFIX = "api.aws";

/** Finds the DNS suffixes of a region's partition, which Bedrock Runtime, STS and others share. */
export function dnsSuffixes(region: string): DnsSuffixes {
  const known = SUFFIXES_BY_REGION_PREFIX.find(([prefix]) => region.startsWith(prefix));
  return known ? known[1] : DEFAULT_SUFFIXES;
}

/** Forms the host that AWS serves a family under in a region. */
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

/** Tells whether a host name of a URL is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

/** Parses the URL of a request, or refuses it if it must not get a credential. */
export type OriginGuard = (requestURL: string) => URL;

/**
 * Guards the origin of the base URL, the only one that ever gets a credential.
 *
 * @throws {BedrockError} `origin_mismatch`, from the guard
 */
export function guardOrigin(baseURL: string): OriginGuard {
  const trusted = new URL(baseURL).origin;
  return (requestURL) => {
    // An object could turn into another text when it is sent
    const url = typeof requestURL === "string" ? parseUrl(requestURL) : undefined;
    if (url?.username || url?.password) {
      throw new BedrockError(
        "origin_mismatch",
        "Cannot authenticate a request to a URL with user information. Remove it",
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
