import type { Alone, BearerOptions, OneProfile, OneWay } from "./auth_options.ts";
import type { RuntimeOptions } from "./runtime_options.ts";
import type { AwsCredentialsProvider } from "./credentials.ts";
import type { EndpointOptions } from "./endpoint.ts";
import { BedrockError } from "./errors.ts";
import { assertObject, valueOf } from "./options.ts";

/** Everything that may say how `BedrockOpenAI` authenticates. */
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

/** At most one way for `BedrockOpenAI` to authenticate; of a pair of keys both are given. */
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

/** Where `BedrockOpenAI` sends requests. */
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

/** What `BedrockOpenAI` asks of the program around it, and how it sends. */
export interface ClientRuntimeOptions extends Omit<RuntimeOptions, "fetch"> {}

/** What `BedrockOpenAI` takes beside the options of the client. */
export type BedrockOptions = ClientAuthOptions & ClientEndpointOptions & ClientRuntimeOptions;

/** The names of `BedrockOpenAI`, and those of `bedrock()` for the same. */
const AUTH_NAMES = {
  apiKey: "apiKey",
  bedrockTokenProvider: "tokenProvider",
  awsProfile: "profile",
  awsAccessKeyId: "accessKeyId",
  awsSecretAccessKey: "secretAccessKey",
  awsSessionToken: "sessionToken",
  awsCredentialsProvider: "credentialProvider",
} as const satisfies Record<keyof ClientAuthOptions, string>;

const ENDPOINT_NAMES = {
  awsRegion: "region",
  endpoint: "endpoint",
  baseURL: "baseURL",
  allowInsecureHttp: "allowInsecureHttp",
} as const satisfies Record<keyof ClientEndpointOptions, string>;

const RUNTIME_NAMES = {
  env: "env",
  unsignedPayload: "unsignedPayload",
  bufferLimit: "bufferLimit",
  routes: "routes",
  idleTimeoutMs: "idleTimeoutMs",
} as const satisfies Record<keyof ClientRuntimeOptions, string>;

const NAMES: Readonly<Record<string, string>> = {
  ...AUTH_NAMES,
  ...ENDPOINT_NAMES,
  ...RUNTIME_NAMES,
};

const isOurs = (name: string) => Object.hasOwn(NAMES, name);
const isAuth = (name: string) => Object.hasOwn(AUTH_NAMES, name);

/** The options of `bedrock()` that these are. */
export function providerOptions(
  options: BedrockOptions,
): EndpointOptions & RuntimeOptions & (OneWay | OneProfile) {
  const pairs = Object.entries(options).map(([name, value]) => [NAMES[name] ?? name, value]);
  return Object.fromEntries(pairs);
}

/**
 * Parts what concerns Bedrock from the options of the client.
 *
 * @throws {BedrockError} `option_invalid` where an option has its name in `bedrock()`, which would
 * go unseen
 */
export function partOptions<Options extends BedrockOptions>(
  options: Options,
): { ours: BedrockOptions; theirs: Omit<Options, keyof BedrockOptions> } {
  const entries = entriesOf(options);
  for (const [name, value] of entries) if (value !== undefined) assertClientName(name);
  const given = entries.filter(([name, value]) => isOurs(name) && value !== undefined);
  return {
    ours: Object.fromEntries(given),
    theirs: {
      __proto__: null,
      ...Object.fromEntries(entries.filter(([name]) => !isOurs(name))),
    } as unknown as Options,
  };
}

/** The options of Bedrock may be inherited, as those of `bedrock()`; the client spreads its own. */
function entriesOf(options: object): [string, unknown][] {
  assertObject(options, "BedrockOpenAI", '{ awsRegion: "us-west-2" }');
  const names = new Set([...Object.keys(NAMES), ...ownNames(options)]);
  return [...names].map((name) => [name, valueOf(options, name)]);
}

function ownNames(options: object): string[] {
  try {
    return Object.keys(options);
  } catch (cause) {
    throw new BedrockError(
      "option_invalid",
      "The options of BedrockOpenAI cannot be read. See the cause for what they threw",
      { cause },
    );
  }
}

/** The options given that a client of OpenAI itself does not know. */
export function bedrockOnly(options: object): string[] {
  const shared = ["apiKey", "baseURL"];
  return Object.keys(partOptions(options).ours).filter((name) => !shared.includes(name));
}

function assertClientName(name: string): void {
  const [ours] = Object.entries(NAMES).find(([, theirs]) => theirs === name) ?? [name];
  if (ours === name) return;
  throw new BedrockError(
    "option_invalid",
    `\`${name}\` is an option of \`bedrock()\`, and is called \`${ours}\` in BedrockOpenAI. ` +
      `Pass it as \`${ours}\``,
  );
}

/** Whether options say how to authenticate. */
export function hasAuth(options: BedrockOptions): boolean {
  return Object.keys(options).some(isAuth);
}

/**
 * What options become when others are set over them: credentials go as a whole, so that new keys
 * never meet an old session token.
 */
export function overridden(options: BedrockOptions, changes: BedrockOptions): BedrockOptions {
  const replaced = hasAuth(changes);
  const kept = Object.entries(options).filter(([name]) => !replaced || !isAuth(name));
  return { ...Object.fromEntries(kept), ...changes };
}

/** A message in the names of `BedrockOpenAI`; the parts of credentials from elsewhere keep theirs. */
export function inClientNames(message: string): string {
  if (/^The `\w+` from (?!the options)/.test(message)) {
    return message.replace("`credentialProvider`", "`awsCredentialsProvider`");
  }
  return Object.entries(NAMES).reduce(
    (text, [ours, theirs]) => text.replaceAll(`\`${theirs}\``, `\`${ours}\``),
    message,
  );
}
