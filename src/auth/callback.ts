import { BedrockError } from "../errors.ts";
import type { CallbackProperties } from "../options.ts";
import { readProperty } from "../platform/read_options.ts";

/** Tells whether a lookup is asked for other credentials than the last ones. */
export function isRefresh(properties: CallbackProperties | undefined): boolean {
  return properties !== undefined && readProperty(properties, "forceRefresh") === true;
}

const thrownByCallbacks = new WeakSet<BedrockError>();

/** Tells whether a callback threw an error, such as one of `tokenProvider()`, which has options of its own. */
export function isFromCallback(error: BedrockError): boolean {
  return thrownByCallbacks.has(error);
}

/**
 * Wraps a callback of the caller's. What it throws is kept as the cause: it is the caller's own error,
 * and needed to fix the callback.
 *
 * @throws {BedrockError} `credentials_failed`, or what `validate` throws
 */
export function fromCallback<T>(
  callback: (properties?: CallbackProperties) => unknown,
  option: string,
  validate: (value: unknown, source: string) => T,
): (properties?: CallbackProperties) => Promise<T> {
  return async (properties) => {
    try {
      return validate(await call(callback, properties), `{${option}}`);
    } catch (cause) {
      if (cause instanceof BedrockError) throw cause;
      throw new BedrockError("credentials_failed", `{${option}} failed{cause}`, { option, cause });
    }
  };
}

async function call(
  callback: (properties?: CallbackProperties) => unknown,
  properties?: CallbackProperties,
): Promise<unknown> {
  try {
    return await (isRefresh(properties) ? callback({ forceRefresh: true }) : callback());
  } catch (error) {
    if (error instanceof BedrockError) thrownByCallbacks.add(error);
    throw error;
  }
}
