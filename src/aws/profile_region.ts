import { readFileSync } from "node:fs";
import type { Environment } from "../environment.ts";
import { BedrockError } from "../errors.ts";
import { permitted } from "../permissions.ts";
import { parseConfigFile } from "./config_file.ts";
import { sharedFile } from "./files.ts";

/**
 * The region of a profile in the AWS config file, if it has one.
 *
 * Read synchronously, as the OpenAI client needs the base URL in its constructor.
 *
 * @throws {BedrockError} `region_missing` if the file exists and may not be read
 */
export function profileRegion(
  profile: string | undefined,
  env: Environment,
): string | undefined {
  const path = sharedFile(env, "AWS_CONFIG_FILE");
  const text = path === undefined ? undefined : readConfigFile(path);
  if (text === undefined) return undefined;
  const name = profile ?? env.get("AWS_PROFILE") ?? "default";
  return parseConfigFile(text).get(name)?.get("region");
}

function readConfigFile(path: string): string | undefined {
  if (!permitted({ name: "read", path })) throw unreadable(path, `add --allow-read=${path}`);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unreadable(path, "make it readable");
  }
}

function unreadable(path: string, advice: string): BedrockError {
  return new BedrockError(
    "region_missing",
    `No AWS region was found, and the AWS config file ${path} may not be read. ` +
      `Pass \`region\`, set AWS_REGION, or ${advice}`,
  );
}
