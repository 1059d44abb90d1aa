import { builtinModule } from "../builtin_module.ts";
import { BedrockError } from "../errors.ts";
import { permitted } from "../permissions.ts";

/** The part of `node:fs` that tells what a path leads to. */
interface Stats {
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  readonly size: number;
}
type StatSync = (path: string, options: { throwIfNoEntry: false }) => Stats | undefined;

/** Config files, credentials files and tokens are far smaller. */
const LARGEST_BYTES = 1024 * 1024;

/**
 * Refuses a path whose reading could block or never end: a named pipe, a device, a socket, or a file
 * of more than 1 MiB. What is not there, or is a directory, is left to whoever reads it.
 *
 * @throws {BedrockError} `permission_missing`
 */
export function refuseEndless(path: string): void {
  const problem = problemOf(path);
  if (problem === undefined) return;
  throw new BedrockError(
    "permission_missing",
    `The AWS file ${path} ${problem}. Use a regular file of 1 MiB at most, or pass \`region\` and ` +
      "credentials",
  );
}

function problemOf(path: string): string | undefined {
  const stats = statsOf(path);
  if (stats === undefined || stats.isDirectory()) return undefined;
  if (stats.isFile()) {
    return stats.size > LARGEST_BYTES ? `has ${stats.size} bytes, which is too much` : undefined;
  }
  return stats.isFIFO() ? "is a named pipe" : "is a device or a socket";
}

function statsOf(path: string): Stats | undefined {
  if (!permitted({ name: "read", path })) return undefined;
  const fs = builtinModule("node:fs") as { statSync?: StatSync } | undefined;
  try {
    return fs?.statSync?.(path, { throwIfNoEntry: false });
  } catch {
    // Whoever reads it is told the same
    return undefined;
  }
}
