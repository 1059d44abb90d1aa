/** Words that a POSIX shell takes unquoted. */
const PLAIN = /^[\w%+,./:=@-]+$/;

/** Quotes a word for a POSIX shell if needed. */
export function quoteForShell(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Formats the line that exports a variable in a POSIX shell. */
export function exportLine(name: string, value: string): string {
  return `export ${name}=${quoteForShell(value)}`;
}
