import { plain } from "./plain.ts";

/**
 * Runs a command with what its arguments ask for, and resolves to the exit code: help is printed,
 * and 0; what is wrong with them is told beside the usage, and 2.
 *
 * @param usage What `--help` prints.
 * @param read Reads the arguments; gives nothing where they ask for help.
 * @param act Does what they ask for.
 */
export async function withUsage<Asked>(
  usage: string,
  read: () => Asked | undefined,
  act: (asked: Asked) => Promise<number>,
): Promise<number> {
  let asked: Asked | undefined;
  try {
    asked = read();
  } catch (error) {
    console.error(`${plain((error as TypeError).message)}\n\n${usage}`);
    return 2;
  }
  if (asked !== undefined) return await act(asked);
  console.log(usage);
  return 0;
}
