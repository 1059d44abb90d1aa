import { isLoopback } from "../../endpoint/hosts.ts";
import { BedrockError } from "../../errors.ts";
import type { RuntimeOptions } from "../../options.ts";
import { withDeadline } from "../../platform/deadline.ts";
import { adviseOnHidden, type Environment, hiddenFlag } from "../../platform/environment.ts";
import { parseObject } from "../../platform/json.ts";
import type { RetryingPlatform } from "../../platform/retrying_platform.ts";
import { readProperty } from "../../platform/read_options.ts";
import { readWebToken } from "../token.ts";
import { sendRetrying } from "../wire.ts";

/** The audience that AWS's own guides use. */
export const STS_AUDIENCE = "sts.amazonaws.com";

/** A request for a token. */
export interface TokenRequest {
  /** The name of the service in messages. */
  readonly name: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The field of the response, which is JSON; without it, the token is the whole text. */
  readonly field?: string;
  readonly fetch: RuntimeOptions["fetch"];
}

/**
 * Asks a service of the platform for a token.
 *
 * @throws {BedrockError} `credentials_failed`, `credentials_invalid`, `credentials_timeout`
 */
export async function requestToken(
  { name, url, headers, field, fetch }: TokenRequest,
  platform: RetryingPlatform,
): Promise<string> {
  const abort = new AbortController();
  const prepare = () => {
    return { method: "GET", url: url.href, headers: new Headers(headers) } as const;
  };
  const ask = () => sendRetrying({ name, fetch, platform }, prepare, abort.signal);
  try {
    const { status, text } = await withDeadline(ask, [], platform.lookupLimitMs, true);
    const token = field === undefined ? text.trim() : readProperty(parseObject(text) ?? {}, field);
    if (status === 200) return readWebToken(token, name);
    throw new BedrockError(
      "credentials_failed",
      `${name} at ${url.host} returned ${status} instead of a token. Check that this workload may ` +
        "ask for one, for this audience",
    );
  } finally {
    abort.abort();
  }
}

/**
 * Reads the URL of a service of the platform.
 *
 * @param allowsPlain Whether plain http is allowed on other hosts than loopback.
 * @throws {BedrockError} `base_url_invalid`
 */
export function parseTokenURL(text: string, source: string, allowsPlain = false): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const mayBePlain = allowsPlain || isLoopback(url?.hostname ?? "");
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && mayBePlain);
  if (url && isSafe && !url.username && !url.password) return url;
  throw new BedrockError(
    "base_url_invalid",
    `Cannot use ${source}: it is not a URL that begins with https://. Set it as the platform does`,
    { source },
  );
}

/** The error for a token that the platform has not given. */
export function missingToken(env: Environment, reason: string): BedrockError {
  return new BedrockError("credentials_missing", reason + adviseOnHidden(env), {
    flag: hiddenFlag(env),
  });
}
