import { BedrockError, type OptionNames } from "../errors.ts";
import type {
  Alone,
  AwsCredentialsProvider,
  BearerOptions,
  BedrockOptions,
  EndpointOptions,
  RuntimeOptions,
} from "../options.ts";
import { assertObject, readOption } from "../platform/read_options.ts";

/** All options of `BedrockOpenAI` for authentication. */
export interface ClientAuthOptions extends Pick<BearerOptions, "apiKey"> {
  /** Resolves a token; called for every attempt of a request, retries included. */
  bedrockTokenProvider?: BearerOptions["tokenProvider"];
  /** A profile of the AWS config and credentials files. Falls back to `AWS_PROFILE`. */
  awsProfile?: string | undefined;
  /** Access key id; goes with `awsSecretAccessKey`. Falls back to `AWS_ACCESS_KEY_ID`. */
  awsAccessKeyId?: string | undefined;
  /** Secret access key; goes with `awsAccessKeyId`. Falls back to `AWS_SECRET_ACCESS_KEY`. */
  awsSecretAccessKey?: string | undefined;
  /** Session token of temporary keys. Falls back to `AWS_SESSION_TOKEN`. */
  awsSessionToken?: string | undefined;
  /** Resolves AWS credentials; called for every attempt of a request, retries included. */
  awsCredentialsProvider?: AwsCredentialsProvider | undefined;
}

/** At most one way for `BedrockOpenAI` to authenticate; both keys of a pair. */
export type OneClientWay =
  | Alone<ClientAuthOptions, "apiKey">
  | Alone<ClientAuthOptions, "bedrockTokenProvider">
  | Alone<ClientAuthOptions, "awsProfile">
  | Alone<
    ClientAuthOptions,
    "awsAccessKeyId" | "awsSecretAccessKey" | "awsSessionToken",
    "awsAccessKeyId" | "awsSecretAccessKey"
  >
  | Alone<ClientAuthOptions, "awsCredentialsProvider">;

/** The options that decide where `BedrockOpenAI` sends requests. */
export interface ClientEndpointOptions
  extends Pick<EndpointOptions, "endpoint" | "baseURL" | "allowInsecureHttp"> {
  /**
   * AWS region, such as `us-west-2`. There is no silent default.
   *
   * Falls back to `AWS_REGION`, `AWS_DEFAULT_REGION`, a canonical host in the base URL, then the
   * AWS profile.
   */
  awsRegion?: string | undefined;
}

/** The options of `BedrockOpenAI` for the environment, and for its `fetch`. */
export interface ClientRuntimeOptions extends Omit<RuntimeOptions, "fetch"> {}

/** The options of `BedrockOpenAI` besides those of the client. */
export type ClientBedrockOptions = ClientAuthOptions & ClientEndpointOptions & ClientRuntimeOptions;

/** The options of `bedrock()` for authentication, and their names in `BedrockOpenAI`. */
const AUTH_NAMES = {
  apiKey: "apiKey",
  tokenProvider: "bedrockTokenProvider",
  profile: "awsProfile",
  accessKeyId: "awsAccessKeyId",
  secretAccessKey: "awsSecretAccessKey",
  sessionToken: "awsSessionToken",
  credentialProvider: "awsCredentialsProvider",
} as const satisfies Record<string, keyof ClientAuthOptions>;

/** The same for all options; `fetch` is an option of the client. */
const NAMES = {
  ...AUTH_NAMES,
  region: "awsRegion",
  endpoint: "endpoint",
  baseURL: "baseURL",
  allowInsecureHttp: "allowInsecureHttp",
  env: "env",
  unsignedPayload: "unsignedPayload",
  bufferLimit: "bufferLimit",
  routes: "routes",
  idleTimeoutMs: "idleTimeoutMs",
} as const satisfies Record<Exclude<keyof BedrockOptions, "fetch">, keyof ClientBedrockOptions>;

const CLIENT_NAMES: readonly string[] = Object.values(NAMES);
const CLIENT_AUTH_NAMES: readonly string[] = Object.values(AUTH_NAMES);

/** The option names to show in messages of `BedrockOpenAI`. */
export const SHOWN_CLIENT_NAMES: OptionNames = Object.fromEntries(
  Object.entries(NAMES).map(([name, client]) => [name, `\`${client}\``]),
);

/** Translates to the options of `bedrock()`. */
export function toBedrockOptions(options: ClientBedrockOptions): BedrockOptions {
  return Object.fromEntries(
    Object.entries(NAMES).filter(([, client]) => Object.hasOwn(options, client))
      .map(([name, client]) => [name, options[client]]),
  );
}

/**
 * Separates the options for Bedrock from those of the client.
 *
 * @throws {BedrockError} `option_invalid` if an option has its name of `bedrock()`, which would be
 * ignored
 */
export function splitOptions<Options extends ClientBedrockOptions>(
  options: Options,
): { ours: ClientBedrockOptions; theirs: Omit<Options, keyof ClientBedrockOptions> } {
  const entries = readEntries(options);
  for (const [name, value] of entries) if (value !== undefined) assertClientName(name);
  const isOurs = (name: string) => CLIENT_NAMES.includes(name);
  const given = entries.filter(([name, value]) => isOurs(name) && value !== undefined);
  return {
    ours: Object.fromEntries(given),
    theirs: {
      __proto__: null,
      ...Object.fromEntries(entries.filter(([name]) => !isOurs(name))),
    } as unknown as Options,
  };
}

/** Reads all options; those for Bedrock may be inherited from a class, as in `bedrock()`. */
function readEntries(options: object): [string, unknown][] {
  assertObject(options, "BedrockOpenAI", '{ awsRegion: "us-west-2" }');
  const names = new Set([...CLIENT_NAMES, ...listKeys(options)]);
  return [...names].map((name) => [name, readOption(options, name)]);
}

function listKeys(options: object): string[] {
  try {
    return Object.keys(options);
  } catch (cause) {
    const message = "The options of BedrockOpenAI cannot be read{cause}";
    throw new BedrockError("option_invalid", message, { cause });
  }
}

/** Lists the given options that a plain OpenAI client does not know. */
export function listBedrockOnly(options: object): string[] {
  const shared = ["apiKey", "baseURL"];
  return Object.keys(splitOptions(options).ours).filter((name) => !shared.includes(name));
}

function assertClientName(name: string): void {
  if (CLIENT_NAMES.includes(name) || !Object.hasOwn(NAMES, name)) return;
  const ours = NAMES[name as keyof typeof NAMES];
  throw new BedrockError(
    "option_invalid",
    `BedrockOpenAI has no option \`${name}\`, which is the name in \`bedrock()\`. ` +
      `Pass it as \`${ours}\``,
    { option: name },
  );
}

/** Checks if any option is for authentication. */
function hasAuth(options: ClientBedrockOptions): boolean {
  return Object.keys(options).some((name) => CLIENT_AUTH_NAMES.includes(name));
}

/** Checks if options bring a credential; `apiKey: null` leaves it to the environment. */
export function bringsCredential(options: ClientBedrockOptions): boolean {
  return hasAuth(options) && options.apiKey !== null;
}

/**
 * Applies changes to options. Credentials are replaced as a whole, so that new keys are never used
 * with an old session token.
 */
export function applyChanges(
  options: ClientBedrockOptions,
  changes: ClientBedrockOptions,
): ClientBedrockOptions {
  const dropped = hasAuth(changes) ? CLIENT_AUTH_NAMES : [];
  const kept = Object.entries(options).filter(([name]) => !dropped.includes(name));
  return { ...Object.fromEntries(kept), ...changes };
}
