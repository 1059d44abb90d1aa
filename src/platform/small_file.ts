import { BedrockError } from "../errors.ts";
import { isPermitted } from "./environment.ts";
import { nodeBuiltin } from "./node_builtins.ts";
import { assertRegularFile } from "./regular_file.ts";

/**
 * Reads a token or another small file.
 *
 * @param what What messages call the file.
 * @throws {BedrockError} `permission_missing`, `credentials_failed` if it does not exist
 */
export function readSmallFile(path: string, what: string): string {
  const refuse = (
    code: "permission_missing" | "credentials_failed",
    advice: string,
    flag?: string,
  ) =>
    new BedrockError(code, `The ${what} ${path} cannot be read. ${advice}`, { source: path, flag });
  if (!isPermitted({ name: "read", path })) {
    const flag = `--allow-read=${path}`;
    throw refuse("permission_missing", `Add ${flag}`, flag);
  }
  const fs = nodeBuiltin("node:fs");
  if (!fs) throw refuse("permission_missing", "Files can be read on Node, Deno and Bun only");
  assertRegularFile(path, what);
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    throw refuse("credentials_failed", "Check that it exists and may be read");
  }
}
