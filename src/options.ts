import { BedrockError } from "./errors.ts";
import { readProperty } from "./read_property.ts";

/**
 * Takes options out of an object, each of them once: what is checked is what is used, though the
 * caller changes the object or it answers differently.
 *
 * @throws {BedrockError} `option_invalid` where it is no object, an option cannot be read, or
 * `env` or `fetch` cannot be used
 */
export function takenOptions<Options extends object>(
  options: Options,
  names: Readonly<Record<keyof Options, true>>,
  caller: string,
): Options {
  assertObject(options, caller, '{ region: "us-west-2" }');
  const taken = Object.fromEntries(
    Object.keys(names).map((name) => [name, valueOf(options, name)]),
  ) as Options;
  const [env, fetch] = ["env", "fetch"].map((name) => readProperty(taken, name));
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
  return taken;
}

/** Refuses what cannot hold options. */
export function assertObject(options: unknown, caller: string, example: string): void {
  if (typeof options === "object" && options !== null) return;
  throw new BedrockError(
    "option_invalid",
    `${caller} takes an object of options. Pass one such as ${example}`,
  );
}

/** Reads an option, whose getter may throw. */
export function valueOf(options: object, name: string, shown = `\`${name}\``): unknown {
  try {
    return readProperty(options, name);
  } catch (cause) {
    throw new BedrockError(
      "option_invalid",
      `${shown} cannot be read. See the cause for what it threw`,
      { cause },
    );
  }
}
