import type { Context, Outcome, SentRequest, ShownExchange } from "./case.ts";
import { legible } from "./legible.ts";

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

/** Makes a function that hides the secrets of a context wherever they occur in a text. */
export function masking(context: Secrets) {
  const spellings = secretsOf(context).flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  const longestFirst = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return (text: string) =>
    longestFirst.reduce((masked, each) => masked.replaceAll(each, "***"), text);
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
  return body.length > 0 ? { body: mask(legible(body)) } : {};
}
