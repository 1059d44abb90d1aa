/**
 * Writes control characters and those that turn the direction of text as code points.
 *
 * What a server, a file or a variable said must not command a terminal, and must read as it is.
 *
 * @param keep Characters to let through.
 */
export function plain(text: string, keep = ""): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (keep.includes(character)) return character;
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}

/** Writes a value as JSON of plain characters, in lines. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNPRINTABLE, (character) => {
    if (character === "\n") return character;
    return Array.from(
      { length: character.length },
      (_, place) => `\\u${character.charCodeAt(place).toString(16).padStart(4, "0")}`,
    ).join("");
  });
}

/** Control and format characters, line separators, and surrogates that stand alone. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
