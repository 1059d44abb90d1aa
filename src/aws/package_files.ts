import { type Environment, readEnvironment } from "../platform/environment.ts";
import { nodeBuiltin } from "../platform/node_builtins.ts";
import { pathInHome, type Settings, sharedFilePath } from "./files.ts";

/** Lists the files that AWS's package may read by itself, for any source that it may turn to. */
export function listPackageFiles(settings: Settings | undefined, env: Environment): string[] {
  // It finds the home folder, and for its clients the AWS files, by the variables of the process
  const own = env.ofProcess ? env : readEnvironment();
  const sharedFiles = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] as const;
  const paths = [
    ...(env.ofProcess ? [] : sharedFiles.map((variable) => sharedFilePath(own, variable))),
    env.getPath("AWS_WEB_IDENTITY_TOKEN_FILE"),
    own.getPath("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    settings?.get("web_identity_token_file"),
    ssoTokenPath(settings, own),
    loginTokenPath(settings, own),
  ];
  return paths.filter((path) => path !== undefined);
}

/** Finds where `aws sso login` keeps the token of a session or, in older settings, of a start page. */
function ssoTokenPath(settings: Settings | undefined, own: Environment): string | undefined {
  const id = settings?.get("sso_session") ?? settings?.get("sso_start_url");
  const name = id && hash("sha1", id);
  return name && pathInHome(own, `.aws/sso/cache/${name}.json`);
}

/** Finds where `aws login` keeps the token of a session. */
function loginTokenPath(settings: Settings | undefined, own: Environment): string | undefined {
  const id = settings?.get("login_session");
  const name = id && hash("sha256", id);
  if (!name) return undefined;
  const folder = own.getPath("AWS_LOGIN_CACHE_DIRECTORY");
  return folder === undefined
    ? pathInHome(own, `.aws/login/cache/${name}.json`)
    : `${folder}/${name}.json`;
}

function hash(algorithm: "sha1" | "sha256", text: string): string | undefined {
  return nodeBuiltin("node:crypto")?.hash?.(algorithm, text, "hex");
}
