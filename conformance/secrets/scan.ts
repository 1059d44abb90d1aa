import { compact, readings, unescaped } from "./readings.ts";

/** What a key, a token or an account number looks like. */
const KINDS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["an access key id", /\b(?:A[KS]IA|AROA|AIDA)[A-Z0-9]{12,}\b/g],
  ["a long-term Bedrock key", /\bABSK[A-Za-z0-9+/=]{16,}/g],
  ["a short-term Bedrock key", /bedrock-api-key-[A-Za-z0-9+/=]{16,}/g],
  ["an account number", /(?<!\d|\d\.)\d{12}(?!\d|\.\d)|(?<![\w-])\d{4}-\d{4}-\d{4}(?![\w-])/g],
  ["a JSON web token", /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}/g],
  ["a signature", /\bSignature=[0-9a-f]{32,}/gi],
  ["a bearer token", /\bBearer\s+[^\s"'\\,;]{16,}/gi],
  [
    "a secret access key",
    /(?<![\w+/=-])(?=[^"]{0,39}[A-Z])(?=[^"]{0,39}[a-z])(?=[^"]{0,39}\d)[A-Za-z0-9+/]{40}(?![\w+/=-])/g,
  ],
  ["a session token", /\b(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=]{24,}/g],
];

/** Names the kinds of secrets that a text holds in any spelling, and never the secrets. */
export function secretsIn(text: string, known: readonly string[] = []): string[] {
  const texts = readings(text);
  const kinds = KINDS.filter(([, pattern]) => texts.some((each) => each.search(pattern) >= 0))
    .map(([kind]) => kind);
  return holdsPart(texts, known) ? [...kinds, "the credential in use"] : kinds;
}

/** Hides what looks like a secret as it stands. */
export function withoutLookalikes(text: string): string {
  return KINDS.reduce((masked, [, pattern]) => masked.replace(pattern, "***"), text);
}

function holdsPart(texts: readonly string[], known: readonly string[]): boolean {
  const parts = known.flatMap((secret) => partsOf(unescaped(secret).toLowerCase()));
  const either = parts.flatMap((part) => [part, [...part].reverse().join("")]);
  const whole = new Set(
    texts.map((text) => text.toLowerCase()).flatMap((text) => [text, compact(text)]),
  );
  return [...whole].some((text) => either.some((part) => text.includes(part)));
}

/** What every short-term key begins with. */
const KNOWN_TO_ALL = "bedrock-api-key-";

/**
 * Parts of a secret, one of which is in every 24 characters in a row of it: so many are no accident.
 * Of a short secret fewer are enough, and one of less than 16 characters counts as a whole.
 */
function partsOf(secret: string): string[] {
  const own = secret.startsWith(KNOWN_TO_ALL) ? secret.slice(KNOWN_TO_ALL.length) : secret;
  if (own.length < 16) return own === "" ? [] : [own];
  const size = Math.min(16, own.length >> 1);
  const step = size >> 1;
  const last = own.length - size;
  return Array.from({ length: Math.ceil(last / step) + 1 }, (_, place) => {
    const start = Math.min(place * step, last);
    return own.slice(start, start + size);
  });
}
