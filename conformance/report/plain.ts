/**
 * Writes control characters and those that turn the direction of text as code points.
 *
 * What a server or a subject said must not command a terminal, and must read as it is.
 *
 * @param keep Characters to let through.
 */
export function plain(text: string, keep = ""): string {
  // Cc, Cf and line separators; a lone surrogate is no character at all
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    if (keep.includes(character)) return character;
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}
