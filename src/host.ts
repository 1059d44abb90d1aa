import { MANTLE_SUFFIX, runtimeSuffixes } from "./partitions.ts";

/** The endpoint family: Bedrock's Mantle service, or the OpenAI routes of Bedrock Runtime. */
export type BedrockEndpoint = "mantle" | "runtime";

/** What a canonical AWS host says of itself. */
export interface CanonicalHost {
  readonly family: BedrockEndpoint;
  readonly region: string;
}

/** The host that AWS serves a family under in a region. */
export function canonicalHost(family: BedrockEndpoint, region: string): string {
  return family === "mantle"
    ? `bedrock-mantle.${region}.${MANTLE_SUFFIX}`
    : `bedrock-runtime.${region}.${runtimeSuffixes(region)[0]}`;
}

/** Recognises a canonical AWS host, with FIPS, dual-stack and one trailing dot; else `undefined`. */
export function parseCanonicalHost(hostname: string): CanonicalHost | undefined {
  const [service, region, ...rest] = hostname.toLowerCase().replace(/\.$/, "").split(".");
  if (!region) return undefined;
  const suffix = rest.join(".");
  if (service === "bedrock-mantle" && suffix === MANTLE_SUFFIX) return { family: "mantle", region };
  if (
    (service === "bedrock-runtime" || service === "bedrock-runtime-fips") &&
    runtimeSuffixes(region).includes(suffix)
  ) return { family: "runtime", region };
}

/** Whether a host name of a URL is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}
