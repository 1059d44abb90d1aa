import { BedrockError } from "../errors.ts";
import type { Environment } from "../platform/environment.ts";

/** Finds the variable that says where a service is, unless such variables are to be ignored. */
export function endpointVariable(service: string, env: Environment): string | undefined {
  if (readSwitch("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", env)) return undefined;
  return [`AWS_ENDPOINT_URL_${service}`, "AWS_ENDPOINT_URL"].find((name) => env.get(name));
}

/**
 * Reads a variable that is `true` or `false`.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function readSwitch(source: string, env: Environment): boolean {
  const value = env.get(source)?.toLowerCase() ?? "false";
  if (value === "true" || value === "false") return value === "true";
  throw new BedrockError(
    "option_invalid",
    `${source} is neither true nor false. Set it to one of them, or unset it`,
    { source },
  );
}
