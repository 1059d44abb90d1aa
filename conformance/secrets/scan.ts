import { compact, readings, unescaped } from "./readings.ts";

/** The patterns of keys, tokens and account numbers. */
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

/** Names the kinds of secrets that a text contains in any spelling, but never the secrets. */
export function secretsIn(text: string, known: readonly string[] = []): string[] {
  const texts = readings(text);
  const kinds = KINDS.filter(([, pattern]) => texts.some((each) => each.search(pattern) >= 0))
    .map(([kind]) => kind);
  return holdsPart(texts, known) ? [...kinds, "the credential in use"] : kinds;
}

/** Masks everything that looks like a secret, if it is not encoded. */
export function maskLookalikes(text: string): string {
  return KINDS.reduce((masked, [, pattern]) => masked.replace(pattern, "***"), text);
}

function holdsPart(texts: readonly string[], known: readonly string[]): boolean {
  const parts = known.flatMap((secret) => partsOf(unescaped(secret).toLowerCase()));
  const either = parts.flatMap((part) => [part, [...part].reverse().join("")]);
  const whole = new Set(
    texts.map((text) => text.toLowerCase()).flatMap((text) => [text, compact(text)]),
  );
  return [...whole].some((text) => either.some((part) => text.includes(part))) ||
    holdsReduced(texts, known);
}

/**
 * Compares letters and digits only: invisible characters, dots or quotes may stand between
 * them.
 */
function holdsReduced(texts: readonly string[], known: readonly string[]): boolean {
  const secrets = known.map(reduce).filter(({ length }) => length >= 16);
  const parts = secrets.flatMap((secret) => secret.length < 32 ? [secret] : partsOf(secret));
  return texts.map(reduce).some((text) => parts.some((part) => text.includes(part)));
}

function reduce(text: string): string {
  const letters = unescaped(text).normalize("NFKC").toLowerCase().replace(/[^a-z0-9]+/g, "");
  return letters.replace(/^bedrockapikey/, "");
}

/** The beginning of every short-term key, which is no secret. */
const PUBLIC_PREFIX = "bedrock-api-key-";

/**
 * Splits a secret into overlapping parts, so that any 24 consecutive characters contain one of them.
 * Parts of a short secret are shorter, and a secret of less than 16 characters is not split.
 */
function partsOf(secret: string): string[] {
  const own = secret.startsWith(PUBLIC_PREFIX) ? secret.slice(PUBLIC_PREFIX.length) : secret;
  if (own.length < 16) return own === "" ? [] : [own];
  const size = Math.min(16, own.length >> 1);
  const step = size >> 1;
  const last = own.length - size;
  return Array.from({ length: Math.ceil(last / step) + 1 }, (_, place) => {
    const start = Math.min(place * step, last);
    return own.slice(start, start + size);
  });
}
