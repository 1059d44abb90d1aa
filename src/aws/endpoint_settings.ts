import type { Environment } from "../platform/environment.ts";
import { endpointVariable } from "../sts/variables.ts";
import type { AwsFiles, Settings } from "./files.ts";

/**
 * Finds the URL of a service in the config file, in the `services` of the profile or in the profile;
 * variables come before it.
 *
 * @param service The name in the file, such as `sts`.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function endpointSetting(
  service: string,
  settings: Settings | undefined,
  files: AwsFiles,
  env: Environment,
): string | undefined {
  const isIgnored = settings?.get("ignore_configured_endpoint_urls") === "true" ||
    env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") === "true";
  if (isIgnored || endpointVariable(service.toUpperCase(), env)) return undefined;
  const services = settings?.get("services");
  const own = services && files.services(services)?.get(`${service}.endpoint_url`);
  return own ?? settings?.get("endpoint_url");
}
