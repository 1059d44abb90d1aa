import { BedrockError } from "./errors.ts";

/**
 * Refuses options that are no object, or whose `env` or `fetch` cannot be used.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function assertOptions(options: unknown, caller: string): void {
  if (typeof options !== "object" || options === null) {
    throw new BedrockError(
      "option_invalid",
      `${caller} takes an object of options. Pass one such as { region: "us-west-2" }`,
    );
  }
  const { env, fetch } = options as { env?: unknown; fetch?: unknown };
  if (env !== undefined && (typeof env !== "object" || env === null)) {
    throw new BedrockError(
      "option_invalid",
      "`env` is not an object. Pass variables by name, or leave it out to use the process's",
    );
  }
  if (fetch !== undefined && typeof fetch !== "function") {
    throw new BedrockError(
      "option_invalid",
      "`fetch` is not a function. Pass one, or leave it out to use the global one",
    );
  }
}
