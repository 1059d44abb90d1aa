/** So many characters of a secret in a row, in whatever spelling, are no accident. */
const PART = 8;

/** A longer word is shown only if it is an ARN or a URL. */
const MAX_WORD = 48;

/** Services say less. */
const MAX_MESSAGE = 1_000;

/**
 * Replaces each word of a message that holds a part of a secret in any spelling: as it stands, in
 * either case, backwards, percent-encoded, in Base64 or in hexadecimal. Words that are too long to be
 * words are replaced as well.
 */
export function maskSecrets(message: string, secrets: readonly string[]): string {
  const known = secrets.flatMap(spell).map(fold);
  return message.slice(0, MAX_MESSAGE).replace(/\s+/g, " ").trim().replace(/[.!]$/, "")
    .split(" ").map((word) => isSafe(word, known) ? word : "***").join(" ")
    .replace(/[^\x20-\x7e]/g, "?");
}

function isSafe(word: string, known: readonly string[]): boolean {
  if (word.length > MAX_WORD && !/^["'(]?(?:arn:|https:)/.test(word)) return false;
  const folded = fold(word);
  const size = Math.min(PART, ...known.map(({ length }) => length));
  for (let at = 0; at + size <= folded.length; at++) {
    const part = folded.slice(at, at + size);
    if (known.some((text) => text.includes(part))) return false;
  }
  return true;
}

/** Both alphabets of Base64 are read alike, and both cases. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll("-", "+").replaceAll("_", "/");
}

function spell(secret: string): string[] {
  const escaped = encodeURIComponent(secret);
  const hex = Array.from(secret, (each) => each.charCodeAt(0).toString(16)).join("");
  // Base64 depends on what stands before
  const encoded = ["", "-", "--"].map((before) => btoa(before + secret));
  return [
    secret,
    escaped,
    encodeURIComponent(escaped),
    [...secret].reverse().join(""),
    hex,
    ...encoded,
  ];
}
