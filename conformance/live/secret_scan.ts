/** What a key, a token or an account number looks like. */
const SECRETS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["an access key id", /\b(?:A[KS]IA|AROA|AIDA)[A-Z0-9]{12,}\b/],
  ["a long-term Bedrock key", /\bABSK[A-Za-z0-9+/=]{16,}/],
  ["a short-term Bedrock key", /bedrock-api-key-[A-Za-z0-9+/=]{16,}/],
  ["an account number", /(?<![\d.])\d{12}(?![\d.])/],
  ["a JSON web token", /\beyJ[\w-]{8,}\.[\w-]{8,}/],
  ["a signature", /\bSignature=[0-9a-f]{32,}/i],
  ["a bearer token", /\bBearer\s+\S{16,}/i],
  [
    "a secret access key",
    /(?<![\w+/=-])(?=[^"]{0,39}[A-Z])(?=[^"]{0,39}[a-z])(?=[^"]{0,39}\d)[A-Za-z0-9+/]{40}(?![\w+/=-])/,
  ],
  ["a session token", /\b(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=]{24,}/],
];

/** Names the kinds of secrets that a text seems to hold, and never the secrets. */
export function secretsIn(text: string): string[] {
  return SECRETS.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind);
}
