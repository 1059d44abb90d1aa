import { BedrockError } from "../errors.ts";
import { adviseOnHidden, type Environment, hiddenFlag } from "../platform/environment.ts";

/** A setting and its source. */
export interface Sourced<T> {
  /** The value. */
  readonly value: T;
  /** The option, variable or file it comes from. */
  readonly source: string;
}

/** The sources of a region besides the option and the variables. */
export interface RegionContext {
  /** The region of a canonical host in the base URL. */
  readonly hostRegion: string | undefined;
  /** Reads the region of the selected AWS profile; called last. */
  readonly profileRegion: (() => string | undefined) | undefined;
}

const REGION = /^[a-z]{2,8}(?:-[a-z0-9]+)+-\d+$/;

/**
 * Decides on the region: from the option, the variables, the host, or the profile, in this order.
 *
 * @throws {BedrockError} `region_invalid`
 */
export function resolveRegion(
  region: string | undefined,
  env: Environment,
  { hostRegion, profileRegion }: RegionContext,
): Sourced<string> | undefined {
  if (region !== undefined) return validRegion(region.trim(), "`region`", "{region}");
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) {
    const value = env.get(name);
    if (value) return validRegion(value, name);
  }
  return validRegion(hostRegion, "the host of the base URL") ??
    validRegion(profileRegion?.(), "the AWS profile");
}

/** Refuses anything but a region, as it becomes part of a host name. */
function validRegion(
  region: string | undefined,
  source: string,
  shownSource = source,
): Sourced<string> | undefined {
  if (region === undefined) return undefined;
  if (isRegion(region)) return { value: region, source };
  // Capitals or a long text may be a misplaced secret
  const shown = /^[a-z0-9.\-/@:]{1,32}$/.test(region) ? `${JSON.stringify(region)} ` : "";
  throw new BedrockError(
    "region_invalid",
    `The region ${shown}from ${shownSource} is not an AWS region. Use one such as us-west-2`,
    { source },
  );
}

/** Checks if a text has the form of a region. */
export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/** Creates the error for a region that is needed but set nowhere. */
export function regionMissing(env: Environment, advice = ""): BedrockError {
  return new BedrockError(
    "region_missing",
    "No AWS region was found. Pass {region}, or set AWS_REGION or AWS_DEFAULT_REGION" +
      advice + adviseOnHidden(env),
    { option: "region", flag: hiddenFlag(env) },
  );
}
