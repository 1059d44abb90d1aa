import { plain } from "./plain.ts";

/**
 * Parses the arguments of a command and runs it. Prints the usage for `--help`, and after an error
 * in the arguments.
 *
 * @param usage The text of `--help`.
 * @param read Parses the arguments; returns nothing if they ask for help.
 * @param act Runs the command; resolves to the exit code.
 * @returns The exit code: 0 after the help, 2 if the arguments are wrong, otherwise that of `act`.
 */
export async function withUsage<Arguments>(
  usage: string,
  read: () => Arguments | undefined,
  act: (args: Arguments) => Promise<number>,
): Promise<number> {
  let args: Arguments | undefined;
  try {
    args = read();
  } catch (error) {
    console.error(`${plain((error as TypeError).message)}\n\n${usage}`);
    return 2;
  }
  if (args !== undefined) return await act(args);
  console.log(usage);
  return 0;
}
