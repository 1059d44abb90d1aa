import { BedrockError } from "../errors.ts";
import { isPermitted } from "./environment.ts";
import { nodeBuiltin } from "./node_builtins.ts";

/** Config files, credentials files and tokens are far smaller. */
const MAX_BYTES = 1024 * 1024;

/**
 * Refuses a path whose reading could block or never end: a named pipe, a device, a socket, or a file
 * of more than 1 MiB. A missing file or a directory is left to whoever reads it.
 *
 * @param what What messages call the file.
 * @throws {BedrockError} `permission_missing`
 */
export function assertRegularFile(path: string, what = "AWS file"): void {
  const problem = findProblem(path);
  if (problem === undefined) return;
  throw new BedrockError(
    "permission_missing",
    `The ${what} ${path} ${problem}. Use a regular file of at most 1 MiB, or pass what it holds as ` +
      "options",
    { source: path },
  );
}

function findProblem(path: string): string | undefined {
  const stats = readStats(path);
  if (stats === undefined || stats.isDirectory()) return undefined;
  if (stats.isFile()) {
    return stats.size > MAX_BYTES ? `has ${stats.size} bytes, which is too large` : undefined;
  }
  return stats.isFIFO() ? "is a named pipe" : "is a device or a socket";
}

function readStats(path: string) {
  if (!isPermitted({ name: "read", path })) return undefined;
  try {
    return nodeBuiltin("node:fs")?.statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // whoever reads it fails for the same reason
  }
}
