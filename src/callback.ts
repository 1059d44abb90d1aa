import { BedrockError, isBedrockError } from "./errors.ts";

/** What a callback is told: to look afresh, where it would hand out what was refused. */
export interface CallbackProperties {
  /** Set where the service has refused what the callback gave last; AWS's own providers know it. */
  readonly forceRefresh?: boolean | undefined;
}

/** The caller's own error is kept as the cause: it is theirs, and they need it to mend the callback. */
export function fromCallback<T>(
  callback: (properties?: CallbackProperties) => unknown,
  name: string,
  validate: (value: unknown, source: string) => T,
): (properties?: CallbackProperties) => Promise<T> {
  return async ({ forceRefresh } = {}) => {
    try {
      const value = await (forceRefresh ? callback({ forceRefresh }) : callback());
      return validate(value, `\`${name}\``);
    } catch (cause) {
      if (isBedrockError(cause)) throw cause;
      throw new BedrockError(
        "credentials_failed",
        `\`${name}\` failed. See the cause for what it threw`,
        { cause },
      );
    }
  };
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
