import { type Environment, permissionAdvice } from "./environment.ts";
import { BedrockError } from "./errors.ts";

/** A setting, and the option, variable or file that it was taken from. */
export interface Sourced<T> {
  /** What it is set to. */
  readonly value: T;
  /** The option, the variable or the file that says so. */
  readonly source: string;
}

/** Where a region may come from besides the option and the variables. */
export interface RegionContext {
  /** The region that a canonical host in the base URL names. */
  readonly hostRegion: string | undefined;
  /** The region of the selected AWS profile, asked for last. */
  readonly profileRegion?: (() => string | undefined) | undefined;
}

const REGION = /^[a-z]{2,8}(?:-[a-z0-9]+)+-\d+$/;

/**
 * Decides on the region: the option, the variables, the host, the profile, in this order.
 *
 * @throws {BedrockError} `option_invalid`, `region_invalid`
 */
export function resolveRegion(
  { region }: { region?: string | undefined },
  env: Environment,
  { hostRegion, profileRegion }: RegionContext,
): Sourced<string> | undefined {
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
  return validRegion(hostRegion, "the host of the base URL") ??
    validRegion(profileRegion?.(), "the AWS profile");
}

/** A region forms a host name, so anything but a plain one is refused before it can. */
function validRegion(region: string | undefined, source: string): Sourced<string> | undefined {
  if (region === undefined) return undefined;
  if (isRegion(region)) return { value: region, source };
  // What has capitals or is long may be a secret in the wrong place
  const shown = /^[a-z0-9.\-/@:]{1,32}$/.test(region) ? `${JSON.stringify(region)} ` : "";
  throw new BedrockError(
    "region_invalid",
    `The region ${shown}from ${source} is not an AWS region. Use one such as us-west-2`,
  );
}

/** Whether a text has the form of a region. */
export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/** What to throw where a region is needed and there is none. */
export function regionMissing(env: Environment, profiles: boolean): BedrockError {
  return new BedrockError(
    "region_missing",
    "No AWS region was found. Pass `region`, or set AWS_REGION or AWS_DEFAULT_REGION" +
      (profiles ? ", or give the AWS profile a region" : "") + permissionAdvice(env),
  );
}
