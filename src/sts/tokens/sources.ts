import type { RuntimeOptions } from "../../options.ts";
import {
  ENV_RULE,
  FETCH_RULE,
  type OptionRule,
  requireObject,
  requireText,
} from "../../options/rules.ts";
import { readEnvironment } from "../../platform/environment.ts";
import { RETRYING_PLATFORM } from "../../platform/retrying_platform.ts";
import { takeOptions } from "../options.ts";

/** Resolves a token each time it is called, as the option `token` of `webIdentity()` takes it. */
export type TokenSource = () => Promise<string>;

/** The variables and the `fetch` of a token source. */
export interface TokenSourceOptions extends Pick<RuntimeOptions, "env" | "fetch"> {}

/** For whom a token is asked for. */
export interface AudienceOptions extends TokenSourceOptions {
  /**
   * Whom the token is for, as the identity provider in IAM lists it.
   *
   * @default {"sts.amazonaws.com"}
   */
  audience?: string | undefined;
}

/** The options of Vercel's token. */
export interface VercelOptions extends Pick<RuntimeOptions, "env"> {
  /** The headers of the request that a function serves, where Vercel's own context is not there. */
  headers?: Headers | Readonly<Record<string, string | string[] | undefined>> | undefined;
}

/** The options of a token from the metadata server of Google Cloud. */
export interface GoogleCloudOptions extends AudienceOptions {
  /**
   * The email address of the service account that the token is about.
   *
   * @default {"default"}
   */
  serviceAccount?: string | undefined;
}

/** The options of a token of a managed identity of Azure. */
export interface AzureOptions extends TokenSourceOptions {
  /** Whom the token is for: the application ID URI of an app registration in Entra ID. */
  resource: string;
  /** The client id of a user-assigned identity; without it, that of the system is taken. */
  clientId?: string | undefined;
}

/** Which file has a token. */
export interface TokenFileOptions extends Pick<RuntimeOptions, "env"> {
  /** The path of the file. Falls back to `AWS_WEB_IDENTITY_TOKEN_FILE`. */
  path?: string | undefined;
}

const TEXT = requireText("Pass one, or leave it out");

const AUDIENCE_RULES = { env: ENV_RULE, fetch: FETCH_RULE, audience: TEXT };

const GOOGLE_RULES = { ...AUDIENCE_RULES, serviceAccount: TEXT };

const AZURE_RULES = { env: ENV_RULE, fetch: FETCH_RULE, resource: TEXT, clientId: TEXT };

const VERCEL_RULES = { env: ENV_RULE, headers: requireObject("Pass headers, or leave it out") };

const FILE_RULES = { env: ENV_RULE, path: TEXT };

/** The options of a source, and its surroundings. */
export interface SourcePlan<Options> {
  readonly options: Options;
  readonly env: ReturnType<typeof readEnvironment>;
  readonly platform: typeof RETRYING_PLATFORM;
}

/** Creates what asks GitHub for the token of a job. */
export function createGithubActions(
  given: AudienceOptions,
  platform = RETRYING_PLATFORM,
): TokenSource {
  const plan = planSource(given, AUDIENCE_RULES, "githubActions", platform);
  return async () => await (await import("./github_actions.ts")).askGithub(plan);
}

/** Creates what reads the token that Vercel gives a function, or a build. */
export function createVercel(given: VercelOptions): TokenSource {
  const plan = planSource(given, VERCEL_RULES, "vercel");
  return async () => (await import("./vercel.ts")).readVercelToken(plan);
}

/** Creates what asks the metadata server of Google Cloud for a token. */
export function createGoogleCloud(
  given: GoogleCloudOptions,
  platform = RETRYING_PLATFORM,
): TokenSource {
  const plan = planSource(given, GOOGLE_RULES, "googleCloud", platform);
  return async () => await (await import("./google_cloud.ts")).askGoogle(plan);
}

/** Creates what asks for the token of a managed identity of Azure. */
export function createAzure(given: AzureOptions, platform = RETRYING_PLATFORM): TokenSource {
  const plan = planSource(given, AZURE_RULES, "azure", platform, ["resource"]);
  return async () => await (await import("./azure.ts")).askAzure(plan);
}

/** Creates what reads a token out of a file. */
export function createTokenFile(given: TokenFileOptions): TokenSource {
  const plan = planSource(given, FILE_RULES, "tokenFile");
  return async () => (await import("./token_file.ts")).readTokenFile(plan);
}

function planSource<Options extends Pick<RuntimeOptions, "env">>(
  given: Options,
  rules: Readonly<Record<keyof Options & string, OptionRule>>,
  caller: string,
  platform = RETRYING_PLATFORM,
  needed: readonly (keyof Options & string)[] = [],
): SourcePlan<Options> {
  const options = takeOptions(given, rules, caller, needed);
  return { options, env: readEnvironment(options.env), platform };
}
