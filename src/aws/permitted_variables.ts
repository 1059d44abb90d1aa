import { BedrockError } from "../errors.ts";
import { isPermitted } from "../platform/environment.ts";

/** The variables that the chain and AWS's packages read, as `--allow-env` takes them. */
export const CHAIN_VARIABLES = ["AWS_*", "HOME", "USERPROFILE", "HOMEPATH", "HOMEDRIVE"];

/**
 * Refuses to read variables that Deno hides: it would prompt for one after the other, and without them
 * a chain would find other credentials than those that are set.
 *
 * @param names The variables; none stands for all that the process has.
 * @throws {BedrockError} `permission_missing`
 */
export function assertVariablesPermitted(names: readonly string[]): void {
  // A name that nothing but the whole family of names permits
  const asked = names.length ? names.map((name) => name.replace("*", "ANY_OTHER")) : [undefined];
  if (asked.every((variable) => isPermitted({ name: "env", variable }))) return;
  const flag = ["--allow-env", ...names.length ? [names.join()] : []].join("=");
  throw new BedrockError(
    "permission_missing",
    `Deno denies variables that the AWS credential chain needs. Add ${flag}, or pass credentials ` +
      "as options",
    { flag },
  );
}
