/** What a POSIX shell takes as it stands wherever a word can be. */
const PLAIN = /^[\w%+,./:=@-]+$/;

/** Quotes a word for a POSIX shell, where that is needed. */
export function quoteForShell(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Renders the line that sets a variable for the commands that a POSIX shell starts. */
export function exportLine(name: string, value: string): string {
  return `export ${name}=${quoteForShell(value)}`;
}
