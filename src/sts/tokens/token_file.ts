import { BedrockError } from "../../errors.ts";
import { isPermitted } from "../../platform/environment.ts";
import { nodeBuiltin } from "../../platform/node_builtins.ts";
import { assertRegularFile } from "../../platform/regular_file.ts";
import { readWebToken } from "../token.ts";
import { missingToken } from "./request.ts";
import type { SourcePlan, TokenFileOptions } from "./sources.ts";

const VARIABLE = "AWS_WEB_IDENTITY_TOKEN_FILE";

/**
 * Reads a token out of a file, which the platform replaces from time to time.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#serviceaccount-token-volume-projection
 * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
 * @see https://fly.io/docs/security/openid-connect/
 */
export function readTokenFile({ options, env }: SourcePlan<TokenFileOptions>): string {
  const path = options.path ?? env.get(VARIABLE);
  if (path === undefined) {
    throw missingToken(env, `There is no token file. Pass {path}, or set ${VARIABLE}`);
  }
  return readWebToken(readText(path).trim(), `the file ${path}`);
}

function readText(source: string): string {
  const refuse = (
    code: "permission_missing" | "credentials_failed",
    advice: string,
    flag?: string,
  ) =>
    new BedrockError(code, `The token file ${source} cannot be read. ${advice}`, { source, flag });
  if (!isPermitted({ name: "read", path: source })) {
    const flag = `--allow-read=${source}`;
    throw refuse("permission_missing", `Add ${flag}`, flag);
  }
  const fs = nodeBuiltin("node:fs");
  if (!fs) throw refuse("permission_missing", "Files can be read on Node, Deno and Bun only");
  assertRegularFile(source, "token file");
  try {
    return fs.readFileSync(source, "utf8");
  } catch {
    throw refuse("credentials_failed", "Check that it exists and may be read");
  }
}
