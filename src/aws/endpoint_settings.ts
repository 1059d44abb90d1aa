import type { Environment } from "../platform/environment.ts";
import { endpointVariable, readSwitch } from "../sts/variables.ts";
import type { AwsFiles, Settings } from "./files.ts";

/** The settings of a profile that stand in for variables. */
const SWITCHES: Readonly<Record<string, string>> = {
  AWS_USE_FIPS_ENDPOINT: "use_fips_endpoint",
  AWS_USE_DUALSTACK_ENDPOINT: "use_dualstack_endpoint",
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "ignore_configured_endpoint_urls",
};

/** Adds to the variables the switches that a profile sets; other values are ignored, as by AWS's package. */
export function withSwitches(env: Environment, settings: Settings | undefined): Environment {
  const readSetting = (name: string) => {
    const value = Object.hasOwn(SWITCHES, name) ? settings?.get(SWITCHES[name]!) : undefined;
    return value === "true" || value === "false" ? value : undefined;
  };
  return { ...env, get: (name) => env.get(name) ?? readSetting(name) };
}

/**
 * Finds the URL of a service in the config file, in the `services` of the profile or in the profile;
 * variables come before it.
 *
 * @param service The name in the file, such as `sts`.
 * @param env The variables, and the switches of the profile.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function endpointSetting(
  service: string,
  settings: Settings | undefined,
  files: AwsFiles,
  env: Environment,
): string | undefined {
  if (readSwitch("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", env)) return undefined;
  if (endpointVariable(service.toUpperCase(), env)) return undefined;
  const name = settings?.get("services");
  const services = name === undefined ? undefined : files.services(name);
  // Without the section that it names, AWS's package takes no URL from the profile either
  if (name !== undefined && !services?.size) return undefined;
  return services?.get(`${service}.endpoint_url`) ?? settings?.get("endpoint_url");
}
