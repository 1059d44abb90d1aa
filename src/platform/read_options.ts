import { BedrockError } from "../errors.ts";

/**
 * Reads options out of an object, each of them once: what is checked is what is used, even if the
 * caller changes the object or a getter returns something else the next time.
 *
 * @param names The options that count; the result has all of them.
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
 * @param shown What messages call it.
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
 * Reads a property of an object that came from outside: its own, or one that its class defines.
 *
 * What stands on the last prototype of the chain, the `Object.prototype` of whatever realm, is ignored:
 * one careless merge of JSON anywhere in the process can put it there for every object.
 */
export function readProperty(object: object, name: PropertyKey): unknown {
  return isInheritedFromRoot(object, name) ? undefined : Reflect.get(object, name);
}

/** Defines properties that spreading leaves out, and that nobody can change. */
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
