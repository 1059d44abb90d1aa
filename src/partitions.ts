/** The standard and the dual-stack DNS suffix of the Bedrock Runtime hosts of a partition. */
export type RuntimeSuffixes = readonly [standard: string, dualStack: string];

/**
 * Runtime host suffixes by region prefix, as the official OpenAI SDKs have them
 * (openai-node `src/internal/bedrock.ts`, read in 7.57.0).
 */
const SUFFIXES_BY_REGION_PREFIX: readonly [prefix: string, suffixes: RuntimeSuffixes][] = [
  ["cn-", ["amazonaws.com.cn", "api.amazonwebservices.com.cn"]],
  ["eusc-", ["amazonaws.eu", "api.amazonwebservices.eu"]],
  ["us-iso-", ["c2s.ic.gov", "api.aws.ic.gov"]],
  ["us-isob-", ["sc2s.sgov.gov", "api.aws.scloud"]],
  ["eu-isoe-", ["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"]],
  ["us-isof-", ["csp.hci.ic.gov", "api.aws.hci.ic.gov"]],
];

/** The commercial partition's, which GovCloud shares. */
const DEFAULT_SUFFIXES: RuntimeSuffixes = ["amazonaws.com", "api.aws"];

/** Mantle is served under this suffix in every partition where it is served. */
export const MANTLE_SUFFIX = "api.aws";

/** The DNS suffixes of Bedrock Runtime in a region. */
export function runtimeSuffixes(region: string): RuntimeSuffixes {
  const known = SUFFIXES_BY_REGION_PREFIX.find(([prefix]) => region.startsWith(prefix));
  return known ? known[1] : DEFAULT_SUFFIXES;
}
