import { BedrockError } from "./errors.ts";

/** The caller's own error is kept as the cause: it is theirs, and they need it to mend the callback. */
export function fromCallback<T>(
  callback: () => unknown,
  name: string,
  validate: (value: unknown, source: string) => T,
): () => Promise<T> {
  return async () => {
    try {
      return validate(await callback(), `\`${name}\``);
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

/** Refuses what cannot be called. */
export function assertFunction(value: unknown, name: string): void {
  if (typeof value === "function") return;
  throw new BedrockError(
    "option_invalid",
    `\`${name}\` is not a function. Pass a callback; a fixed value goes into \`apiKey\`, or ` +
      "`accessKeyId` and `secretAccessKey`",
  );
}
