import { builtinModule } from "../builtin_module.ts";
import { type Environment, environment } from "../environment.ts";
import type { Profile } from "./profile.ts";
import { inHome, sharedFile } from "./shared_files.ts";
import type { SourceChain } from "./source_chain.ts";

/** The files that AWS's package may read by itself, of any source that it may turn to. */
export function filesOfSources({ origin }: SourceChain, env: Environment): string[] {
  // It finds the home folder, and for its clients the AWS files, by the variables of the process
  const own = env.ofProcess ? env : environment();
  const paths = [
    ...(env.ofProcess ? [] : [
      sharedFile(own, "AWS_CONFIG_FILE"),
      sharedFile(own, "AWS_SHARED_CREDENTIALS_FILE"),
    ]),
    env.get("AWS_WEB_IDENTITY_TOKEN_FILE"),
    own.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    origin?.settings?.get("web_identity_token_file"),
    ssoToken(origin?.settings, own),
    loginToken(origin?.settings, own),
  ];
  return paths.filter((path) => path !== undefined);
}

/** Where `aws sso login` keeps the token of a session or, in older settings, of a start page. */
function ssoToken(settings: Profile["settings"], own: Environment): string | undefined {
  const id = settings?.get("sso_session") ?? settings?.get("sso_start_url");
  const name = id && hashed("sha1", id);
  return name && inHome(own, `.aws/sso/cache/${name}.json`);
}

/** Where `aws login` keeps the token of a session. */
function loginToken(settings: Profile["settings"], own: Environment): string | undefined {
  const id = settings?.get("login_session");
  const name = id && hashed("sha256", id);
  if (!name) return undefined;
  const folder = own.get("AWS_LOGIN_CACHE_DIRECTORY");
  return folder === undefined
    ? inHome(own, `.aws/login/cache/${name}.json`)
    : `${folder}/${name}.json`;
}

function hashed(algorithm: "sha1" | "sha256", text: string): string | undefined {
  return builtinModule("node:crypto")?.hash?.(algorithm, text, "hex");
}
