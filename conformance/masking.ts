import type { Context, Outcome, SentRequest, ShownExchange } from "./case.ts";
import { formatBody, truncate } from "./pretty_body.ts";
import { maskLookalikes, secretsIn } from "./secrets/scan.ts";

type Secrets = Pick<Context, "bearerToken" | "credentials" | "sessionCredentials">;

/** Masks the secrets in a text. */
export type Mask = (text: string) => string;

/** Lists the secrets of a context. */
export function secretsOf({ bearerToken, credentials, sessionCredentials }: Secrets): string[] {
  return [
    bearerToken,
    credentials.secretAccessKey,
    sessionCredentials.secretAccessKey,
    sessionCredentials.sessionToken,
    credentials.sessionToken,
  ].filter((secret): secret is string => Boolean(secret));
}

/** Replaces a text with a secret that is spelled in a way that cannot be cut out. */
const WITHHELD = "*** (not shown: it contains an encoded credential)";

/** Creates a function that masks these secrets, and everything that looks like a secret. */
export function createMask(secrets: readonly string[]): Mask {
  const spellings = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  const longestFirst = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return (text) => {
    const masked = maskLookalikes(
      longestFirst.reduce((masked, each) => masked.replaceAll(each, "***"), text),
    );
    return secretsIn(masked, secrets).length > 0 ? WITHHELD : masked;
  };
}

/** Formats exchanges for a report, without tokens and signatures. */
export function showExchanges(sent: readonly SentRequest[], mask: Mask): Outcome["sent"] {
  return sent.map(({ method, url, headers, body, response }): ShownExchange => ({
    method,
    url: mask(url),
    headers: maskHeaders(headers, mask),
    ...maskBody(body, mask),
    ...(response && {
      response: {
        status: response.status,
        headers: maskHeaders(response.headers, mask),
        ...maskBody(response.text, mask),
      },
    }),
  }));
}

function maskHeaders(headers: Headers, mask: Mask): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [name, mask(maskHeader(name, value))]),
  );
}

function maskHeader(name: string, value: string): string {
  if (/token|cookie|api-key/.test(name)) return "***";
  if (name !== "authorization") return value;
  return value.startsWith("AWS4-HMAC-SHA256 ")
    ? value.replace(/Signature=\S*/, "Signature=***")
    : value.replace(/ .*/s, " ***");
}

function maskBody(body: string | Uint8Array, mask: Mask): { body?: string } {
  // Masked before it is cut: half a secret would not be recognized
  return body.length > 0 ? { body: truncate(mask(formatBody(body))) } : {};
}
