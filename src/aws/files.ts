import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../environment.ts";
import { permitted } from "../permissions.ts";

/** Where a shared file of the AWS tools is, or `undefined` where its home is hidden from Deno. */
export function sharedFile(
  env: Environment,
  variable: "AWS_CONFIG_FILE" | "AWS_SHARED_CREDENTIALS_FILE",
): string | undefined {
  const name = variable === "AWS_CONFIG_FILE" ? "config" : "credentials";
  const path = env.get(variable) ?? `~/.aws/${name}`;
  if (!path.startsWith("~/")) return path;
  const home = homeFolder(env);
  return home && join(home, path.slice(2));
}

/** As AWS's packages find it. */
function homeFolder(env: Environment): string | undefined {
  const home = env.get("HOME") ?? env.get("USERPROFILE");
  if (home) return home;
  const path = env.get("HOMEPATH");
  if (path) return `${env.get("HOMEDRIVE") ?? "C:\\"}${path}`;
  return permitted({ name: "sys", kind: "homedir" }) ? homedir() : undefined;
}
