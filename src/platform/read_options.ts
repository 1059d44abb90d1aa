import { BedrockError } from "../errors.ts";

/**
 * Reads each option of an object once, so that the checked value is the one that is used, even if a
 * getter returns something else the next time.
 *
 * @param names The known options; the result has all of them.
 * @throws {BedrockError} `option_invalid` if it is not an object or an option cannot be read
 */
export function readOptions<Options extends object>(
  options: Options,
  names: readonly string[],
  caller: string,
  example: string,
): Options {
  assertObject(options, caller, example);
  return Object.fromEntries(names.map((name) => [name, readOption(options, name)])) as Options;
}

/** Refuses a value that cannot hold options. */
export function assertObject(options: unknown, caller: string, example: string): void {
  if (typeof options === "object" && options !== null) return;
  throw new BedrockError(
    "option_invalid",
    `${caller} takes an object of options. Pass one such as ${example}`,
  );
}

/**
 * Reads an option, whose getter may throw.
 *
 * @param shown The name in messages.
 */
export function readOption(options: object, name: string, shown = `\`${name}\``): unknown {
  try {
    return readProperty(options, name);
  } catch (cause) {
    throw new BedrockError("option_invalid", `${shown} cannot be read{cause}`, {
      option: name,
      cause,
    });
  }
}

/**
 * Reads a property of an object from outside: its own, or one that its class defines.
 *
 * It ignores the last prototype of the chain, the `Object.prototype` of any realm, which one
 * careless merge of JSON anywhere in the process can pollute.
 */
export function readProperty(object: object, name: PropertyKey): unknown {
  return isInheritedFromRoot(object, name) ? undefined : Reflect.get(object, name);
}

/** Defines properties that are read-only and not copied by spreading. */
export function defineHidden<T extends object>(target: T, values: Record<PropertyKey, unknown>): T {
  for (const name of Reflect.ownKeys(values)) {
    const value = values[name];
    Object.defineProperty(target, name, { __proto__: null, value } as PropertyDescriptor);
  }
  return target;
}

function isInheritedFromRoot(object: object, name: PropertyKey): boolean {
  if (Object.hasOwn(object, name)) return false;
  for (let holder = Object.getPrototypeOf(object); holder !== null;) {
    const next = Object.getPrototypeOf(holder);
    if (Object.hasOwn(holder, name)) return next === null;
    holder = next;
  }
  return false;
}
