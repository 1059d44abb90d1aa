import { parseServiceURL } from "../endpoint/base_url.ts";
import { dnsSuffixes, isLoopback } from "../endpoint/hosts.ts";
import { isRegion } from "../endpoint/region.ts";
import { BedrockError } from "../errors.ts";
import type { Environment } from "../platform/environment.ts";
import { endpointVariable, readSwitch } from "./variables.ts";

/** A service that gives out credentials. */
export interface CredentialService {
  /** The name in messages. */
  readonly name: string;
  /** The option that says where it is. */
  readonly option: string;
  /** The end of the name of the variable that says where it is. */
  readonly id: string;
  /** Forms the host of a region. */
  host(region: string, fips: boolean, dualStack: boolean): string;
}

/** The place of a service. */
export interface ServicePlace {
  readonly service: CredentialService;
  /** Without a trailing slash. */
  readonly url: string;
  /** The region, as far as it is known. */
  readonly region: string | undefined;
}

/** The place as the caller has set it. */
export interface PlaceOptions {
  readonly region?: string | undefined;
  readonly fips?: boolean | undefined;
  /** The URL of the service. */
  readonly endpoint?: string | undefined;
  /** What messages call that URL. @default {the option of the service} */
  readonly endpointName?: string | undefined;
}

/** The Security Token Service. */
export const STS: CredentialService = {
  name: "STS",
  option: "stsEndpoint",
  id: "STS",
  host(region, fips, dualStack) {
    const [standard, dual] = dnsSuffixes(region);
    // The plain hosts of GovCloud are those of FIPS
    const isMarked = fips && (dualStack || !isGov(region));
    return `sts${isMarked ? "-fips" : ""}.${region}.${dualStack ? dual : standard}`;
  },
};

/** Cognito's identity pools. */
export const COGNITO: CredentialService = {
  name: "Cognito",
  option: "cognitoEndpoint",
  id: "COGNITO_IDENTITY",
  host(region, fips, dualStack) {
    const [standard, dual] = dnsSuffixes(region);
    // The plain hosts of the commercial partition have both stacks, with FIPS those of four regions
    const hasBoth = dual === "api.aws" && !isGov(region) &&
      (!fips || /^us-(?:east|west)-[12]$/.test(region));
    const suffix = dualStack && !hasBoth ? dual : standard;
    return `cognito-identity${fips ? "-fips" : ""}.${region}.${suffix}`;
  },
};

const isGov = (region: string) => region.startsWith("us-gov-");

/**
 * Decides where a service is: the option, the variables, the host of the region.
 *
 * @param region The region that is decided on, unless the host of a URL names another.
 * @throws {BedrockError} `base_url_invalid`, `base_url_mismatch`, `option_invalid`
 */
export function placeService(
  service: CredentialService,
  options: PlaceOptions,
  region: string | undefined,
  env: Environment,
): ServicePlace {
  const fips = options.fips ?? readSwitch("AWS_USE_FIPS_ENDPOINT", env);
  const dualStack = readSwitch("AWS_USE_DUALSTACK_ENDPOINT", env);
  const custom = configuredURL(service, options, env);
  if (!custom) {
    assertSame(options.region, region);
    return { service, region, url: `https://${service.host(region!, fips, dualStack)}` };
  }
  const { url, shown, source } = custom;
  if (fips || dualStack) {
    throw new BedrockError(
      "option_invalid",
      `With ${shown} no host for ${
        fips ? "FIPS" : "both stacks"
      } can be chosen. Leave one of them out`,
      { source },
    );
  }
  const hostRegion = regionOf(url.hostname);
  assertSame(options.region, hostRegion);
  const root = url.origin + url.pathname.replace(/\/$/, "");
  return { service, region: hostRegion ?? region, url: root };
}

function assertSame(option: string | undefined, region: string | undefined): void {
  if (option === undefined || region === undefined || option.trim() === region) return;
  throw new BedrockError(
    "base_url_mismatch",
    `The service is in ${region}, and {region} is another region. Make them agree`,
    { option: "region" },
  );
}

function configuredURL(
  { id, option }: CredentialService,
  { endpoint: given, endpointName }: PlaceOptions,
  env: Environment,
) {
  const name = given === undefined ? endpointVariable(id, env) : endpointName;
  if (given === undefined && name === undefined) return undefined;
  const [source, shown] = name === undefined ? [`\`${option}\``, `{${option}}`] : [name, name];
  const text = given?.trim() ?? env.get(source)!;
  const url = parseServiceURL(
    text,
    { source, shown },
    ({ hostname }) => isLoopback(hostname) ? undefined : "",
  );
  return { url, source, shown };
}

/** Reads the region in a host of STS, canonical or of a VPC endpoint; the global one is in us-east-1. */
function regionOf(hostname: string): string | undefined {
  const [, region = ""] = /(?:^|\.)sts(?:-fips)?\.([a-z0-9-]{1,40})\./.exec(hostname) ?? [];
  if (isRegion(region)) return region;
  return hostname === "sts.amazonaws.com" ? "us-east-1" : undefined;
}
