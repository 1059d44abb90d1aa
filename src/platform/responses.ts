import { BedrockError } from "../errors.ts";

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Tells redirects. Browsers show nothing of a redirect that is not followed. */
export function isRedirect({ status, type }: Response): boolean {
  return type === "opaqueredirect" || REDIRECTS.includes(status);
}

/**
 * Refuses what a `fetch` of the caller's resolved to, unless it is a `Response`; one of another realm,
 * or of a package, is accepted.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function assertResponse(response: unknown): asserts response is Response {
  try {
    const { status, headers } = response as Partial<Response>;
    if (typeof status === "number" && typeof headers?.get === "function") return;
  } catch {
    // What cannot be looked into is not a response
  }
  throw new BedrockError(
    "option_invalid",
    "{fetch} resolved to something that is not a `Response`. Return what the platform's returns",
    { option: "fetch" },
  );
}
