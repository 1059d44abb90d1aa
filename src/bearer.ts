import { BedrockError } from "./errors.ts";
import type { Pair } from "./headers.ts";

/**
 * Refuses a token that cannot be a header value, without ever quoting it: a runtime's own
 * `TypeError` would (openai-node issue 2419).
 *
 * @throws {BedrockError} `credentials_invalid`
 */
export function assertBearerToken(token: unknown, source: string): asserts token is string {
  if (typeof token !== "string" || !token.trim()) {
    throw new BedrockError(
      "credentials_invalid",
      `The token from ${source} is blank or not a string. Give a Bedrock API key`,
    );
  }
  if (/^\s|\s$|[^\t\x20-\x7e\x80-\xff]/.test(token)) {
    throw new BedrockError(
      "credentials_invalid",
      `The token from ${source} holds white space at an end, a line break or another character ` +
        "that no HTTP header can carry. Trim it, or copy it again",
    );
  }
  if (/^bearer /i.test(token)) {
    throw new BedrockError(
      "credentials_invalid",
      `The token from ${source} begins with "Bearer ". Leave that word out`,
    );
  }
}

/** The header that carries a bearer token. */
export function bearerHeader(token: string): Pair {
  return ["authorization", `Bearer ${token}`];
}
