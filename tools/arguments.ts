/** Reads the command line, or prints the error and exits with 2. */
export function readOrExit<Arguments>(read: () => Arguments): Arguments {
  try {
    return read();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(2);
  }
}
