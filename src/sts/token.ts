import { fromCallback } from "../auth/callback.ts";
import { BedrockError } from "../errors.ts";
import type { CallbackProperties } from "../options.ts";
import type { WebIdentityTokenProvider } from "./options.ts";

/** Resolves a token that has passed {@link readWebToken}. */
export type ResolveToken = (properties?: CallbackProperties) => Promise<string>;

/**
 * Decides where a token comes from.
 *
 * @throws {BedrockError} `credentials_invalid` for a fixed one that cannot be a token
 */
export function planToken(
  given: string | WebIdentityTokenProvider | undefined,
  option: string,
): ResolveToken {
  if (typeof given === "function") return fromCallback(given, option, readWebToken);
  const token = readWebToken(given, `{${option}}`);
  return async () => token;
}

/** STS takes no longer one. */
const MAX_TOKEN = 20_000;

/**
 * Refuses what cannot be a token, without ever quoting it.
 *
 * @param source What messages call the source.
 * @throws {BedrockError} `credentials_invalid`
 */
export function readWebToken(token: unknown, source: string): string {
  const problem = typeof token !== "string" || !token.trim()
    ? "is missing, blank or not a string"
    : !/^[\x21-\x7e]+$/.test(token)
    ? "contains white space or a character that no token has"
    : token.length > MAX_TOKEN
    ? `has more than ${MAX_TOKEN} characters`
    : undefined;
  if (problem === undefined) return token as string;
  throw new BedrockError(
    "credentials_invalid",
    `The token from ${source} ${problem}. Pass an OpenID Connect ID token as its issuer signed it`,
  );
}
