import { BedrockError } from "./errors.ts";
import { readProperty } from "./read_property.ts";

/** What a callback is told: to look afresh, where it would hand out what was refused. */
export interface CallbackProperties {
  /** Set where the service has refused what the callback gave last; AWS's own providers know it. */
  readonly forceRefresh?: boolean | undefined;
}

/** Whether a lookup is asked for other credentials than the last ones. */
export function isRefresh(properties: CallbackProperties | undefined): boolean {
  return properties !== undefined && readProperty(properties, "forceRefresh") === true;
}

const ofCallbacks = new WeakSet<BedrockError>();

/** Whether it was a callback that refused, such as one of `tokenProvider()`, with options of its own. */
export function isOfCallback(error: BedrockError): boolean {
  return ofCallbacks.has(error);
}

/** The caller's own error is kept as the cause: it is theirs, and they need it to mend the callback. */
export function fromCallback<T>(
  callback: (properties?: CallbackProperties) => unknown,
  name: string,
  validate: (value: unknown, source: string) => T,
): (properties?: CallbackProperties) => Promise<T> {
  return async (properties) => {
    try {
      return validate(await called(callback, properties), `\`${name}\``);
    } catch (cause) {
      if (cause instanceof BedrockError) throw cause;
      throw new BedrockError(
        "credentials_failed",
        `\`${name}\` failed. See the cause for what it threw`,
        { cause },
      );
    }
  };
}

async function called(
  callback: (properties?: CallbackProperties) => unknown,
  properties?: CallbackProperties,
): Promise<unknown> {
  try {
    return await (isRefresh(properties) ? callback({ forceRefresh: true }) : callback());
  } catch (error) {
    if (error instanceof BedrockError) ofCallbacks.add(error);
    throw error;
  }
}

/** Refuses what cannot be called. */
export function assertFunction(value: unknown, name: string): void {
  if (typeof value === "function") return;
  throw new BedrockError(
    "option_invalid",
    `\`${name}\` is not a function. Pass a callback; a fixed value goes into \`apiKey\`, or ` +
      "`accessKeyId` and `secretAccessKey`",
  );
}
