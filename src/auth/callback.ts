import { BedrockError } from "../errors.ts";
import type { CallbackProperties } from "../options.ts";
import { readProperty } from "../platform/read_options.ts";

/** Checks if a lookup is asked for new credentials, because the last were refused. */
export function isRefresh(properties: CallbackProperties | undefined): boolean {
  return properties !== undefined && readProperty(properties, "forceRefresh") === true;
}

const thrownByCallbacks = new WeakSet<BedrockError>();

/**
 * Checks if a callback threw this error, such as `tokenProvider()`, whose options have their own
 * names.
 */
export function isFromCallback(error: BedrockError): boolean {
  return thrownByCallbacks.has(error);
}

/**
 * Wraps the caller's callback. Its error is kept as the cause: it is the caller's own, and needed to
 * fix the callback.
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
