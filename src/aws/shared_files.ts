import { builtinModule } from "../builtin_module.ts";
import type { Environment } from "../environment.ts";
import { BedrockError } from "../errors.ts";
import { permitted } from "../permissions.ts";
import { refuseEndless } from "./regular_file.ts";

const FILES = { AWS_CONFIG_FILE: "config", AWS_SHARED_CREDENTIALS_FILE: "credentials" } as const;

/** The variables that move the shared files of the AWS tools. */
export type SharedFile = keyof typeof FILES;

/** Where a shared file of the AWS tools is, or `undefined` where its home is hidden from Deno. */
export function sharedFile(env: Environment, variable: SharedFile): string | undefined {
  const path = env.get(variable) ?? `~/.aws/${FILES[variable]}`;
  return path.startsWith("~/") ? inHome(env, path.slice(2)) : path;
}

/** A path in the home folder, as AWS's packages find it. */
export function inHome(env: Environment, path: string): string | undefined {
  const home = homeFolder(env);
  return home && (builtinModule("node:path")?.join(home, path) ?? `${home}/${path}`);
}

function homeFolder(env: Environment): string | undefined {
  const home = env.get("HOME") ?? env.get("USERPROFILE");
  if (home) return home;
  const path = env.get("HOMEPATH");
  if (path) return `${env.get("HOMEDRIVE") ?? "C:\\"}${path}`;
  return permitted({ name: "sys", kind: "homedir" })
    ? builtinModule("node:os")?.homedir()
    : undefined;
}

/**
 * Reads a shared file; one that does not exist is empty.
 *
 * Synchronously, as the OpenAI client needs the base URL in its constructor.
 *
 * @throws {BedrockError} `permission_missing`
 */
export function readSharedFile(env: Environment, variable: SharedFile): string {
  const path = sharedFile(env, variable);
  if (path === undefined) return "";
  if (!permitted({ name: "read", path })) throw unreadable(path, `Add --allow-read=${path}`);
  const fs = builtinModule("node:fs");
  if (!fs) throw unreadable(path, "Run this where files can be read, on Node from 20.16 or 22.3");
  refuseEndless(path);
  try {
    return fs.readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return "";
    throw unreadable(path, "Make it readable");
  }
}

function unreadable(path: string, advice: string): BedrockError {
  return new BedrockError(
    "permission_missing",
    `The AWS file ${path} may not be read. ${advice}, or pass \`region\` and credentials`,
  );
}
