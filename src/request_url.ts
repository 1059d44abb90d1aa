const { get: readUrl } = Object.getOwnPropertyDescriptor(Request.prototype, "url") ?? {};

/**
 * Reads the URL that the platform holds of a `Request`, whatever the object itself says;
 * `undefined` where it is no `Request` of this platform.
 */
export function platformUrl(input: unknown): string | undefined {
  if (!(input instanceof Request)) return undefined;
  try {
    return readUrl?.call(input);
  } catch {
    return undefined; // it only inherits from `Request`
  }
}
