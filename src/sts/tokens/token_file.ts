import { readSmallFile } from "../../platform/small_file.ts";
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
  return readWebToken(readSmallFile(path, "token file").trim(), `the file ${path}`);
}
