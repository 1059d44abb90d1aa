/**
 * Escapes control characters, and those that change the direction of text, as code points: text
 * from a server, a file or a variable must not control the terminal or disguise itself.
 *
 * @param keep Characters to keep unchanged.
 */
export function plain(text: string, keep = ""): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (keep.includes(character)) return character;
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}

/** Formats a value as indented JSON, with the same characters escaped. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNPRINTABLE, (character) => {
    if (character === "\n") return character;
    return Array.from(
      { length: character.length },
      (_, place) => `\\u${character.charCodeAt(place).toString(16).padStart(4, "0")}`,
    ).join("");
  });
}

/** Control and format characters, line separators, and lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
