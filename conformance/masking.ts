import type { Context, Outcome, SentRequest, ShownExchange } from "./case.ts";
import { cut, inLines } from "./legible.ts";
import { secretsIn, withoutLookalikes } from "./secrets/scan.ts";

type Secrets = Pick<Context, "bearerToken" | "credentials" | "sessionCredentials">;

/** The secrets of a context. */
export function secretsOf({ bearerToken, credentials, sessionCredentials }: Secrets): string[] {
  return [
    bearerToken,
    credentials.secretAccessKey,
    sessionCredentials.secretAccessKey,
    sessionCredentials.sessionToken,
    credentials.sessionToken,
  ].filter((secret): secret is string => Boolean(secret));
}

/** What stands in the place of a text that holds a secret in a spelling that cannot be cut out. */
const WITHHELD = "*** (not shown: it holds a credential in another spelling)";

/** Makes a function that hides these secrets, and what looks like one, wherever they are in a text. */
export function masking(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  const longestFirst = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return (text) => {
    const masked = withoutLookalikes(
      longestFirst.reduce((masked, each) => masked.replaceAll(each, "***"), text),
    );
    return secretsIn(masked, secrets).length > 0 ? WITHHELD : masked;
  };
}

/** What was sent and answered, fit to be shown: tokens and signatures are hidden. */
export function shown(
  sent: readonly SentRequest[],
  mask: (text: string) => string,
): Outcome["sent"] {
  return sent.map(({ method, url, headers, body, answer }): ShownExchange => ({
    method,
    url: mask(url),
    headers: masked(headers, mask),
    ...shownBody(body, mask),
    ...(answer && {
      answer: {
        status: answer.status,
        headers: masked(answer.headers, mask),
        ...shownBody(answer.text, mask),
      },
    }),
  }));
}

function masked(headers: Headers, mask: (text: string) => string): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [name, mask(hidden(name, value))]),
  );
}

function hidden(name: string, value: string): string {
  if (/token|cookie|api-key/.test(name)) return "***";
  if (name !== "authorization") return value;
  return value.startsWith("AWS4-HMAC-SHA256 ")
    ? value.replace(/Signature=\S*/, "Signature=***")
    : value.replace(/ .*/s, " ***");
}

function shownBody(body: string | Uint8Array, mask: (text: string) => string): { body?: string } {
  // A secret that is cut in two would not be known any more
  return body.length > 0 ? { body: cut(mask(inLines(body))) } : {};
}
