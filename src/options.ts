import {
  checkOptions,
  ENV_RULE,
  FETCH_RULE,
  invalidOption,
  isNumber,
  isText,
  type OptionRule,
  requireFunction,
  requireText,
} from "./options/rules.ts";

/** The endpoint family: Bedrock's Mantle service, or the OpenAI routes of Bedrock Runtime. */
export type BedrockEndpoint = "mantle" | "runtime";

/** The type of the global `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** A path prefix under which Mantle serves the OpenAI API. */
export type PathPrefix = `/${string}`;

/**
 * A pattern for model ids, a string with `*` or a regular expression, and the prefix that serves
 * them.
 */
export type Route = readonly [pattern: string | RegExp, prefix: PathPrefix];

/** The options that set the root of the API. */
export interface BaseURLOptions {
  /**
   * Root of the API, instead of the one derived from `endpoint` and `region`.
   *
   * Falls back to `AWS_BEDROCK_BASE_URL`; `null` skips that variable.
   */
  baseURL?: string | null | undefined;
  /**
   * Allows a plain http base URL on a host that is not loopback. Credentials then cross the
   * network unencrypted.
   *
   * @default {false}
   */
  allowInsecureHttp?: boolean | undefined;
}

/** The options that decide where requests go. */
export interface EndpointOptions extends BaseURLOptions {
  /**
   * Endpoint family: `"mantle"`, or `"runtime"` for the OpenAI routes of Bedrock Runtime.
   *
   * Falls back to `AWS_BEDROCK_ENDPOINT`, then a canonical AWS host in the base URL.
   *
   * @default {"mantle"}
   */
  endpoint?: BedrockEndpoint | undefined;
  /**
   * AWS region, such as `us-west-2`. There is no silent default.
   *
   * Falls back to `AWS_REGION`, `AWS_DEFAULT_REGION`, then a canonical host in the base URL.
   */
  region?: string | undefined;
}

/** The parameters of a credential callback. */
export interface CallbackProperties {
  /** True if the service refused the last result; AWS's own providers understand it. */
  readonly forceRefresh?: boolean | undefined;
}

/** AWS credentials that requests are signed with. */
export interface AwsCredentialIdentity {
  /** Access key id. */
  readonly accessKeyId: string;
  /** Secret access key. */
  readonly secretAccessKey: string;
  /** Session token of temporary credentials. */
  readonly sessionToken?: string | undefined;
  /** Expiry of temporary credentials. */
  readonly expiration?: Date | undefined;
}

/**
 * Resolves AWS credentials; called for every attempt of a request, retries included. If the service
 * refused the last ones, it is called with `{ forceRefresh: true }`, which AWS's own providers
 * understand.
 */
export type AwsCredentialsProvider = (
  properties?: CallbackProperties,
) => AwsCredentialIdentity | Promise<AwsCredentialIdentity>;

/** The options for a bearer token; pass at most one of the two. */
export interface BearerOptions {
  /**
   * A Bedrock API key.
   *
   * Falls back to `AWS_BEARER_TOKEN_BEDROCK`, read again for every attempt; `null` skips that
   * variable.
   */
  apiKey?: string | null | undefined;
  /**
   * Resolves a token; called for every attempt of a request, retries included. If the service
   * refused the last one, it is called with `{ forceRefresh: true }`.
   */
  tokenProvider?: ((properties?: CallbackProperties) => string | Promise<string>) | undefined;
}

/** The options for signing with AWS credentials: keys, or a callback. */
export interface AwsKeyOptions {
  /** Access key id; goes with `secretAccessKey`. Falls back to `AWS_ACCESS_KEY_ID`. */
  accessKeyId?: string | undefined;
  /** Secret access key; goes with `accessKeyId`. Falls back to `AWS_SECRET_ACCESS_KEY`. */
  secretAccessKey?: string | undefined;
  /** Session token of temporary keys. Falls back to `AWS_SESSION_TOKEN`. */
  sessionToken?: string | undefined;
  /** Resolves AWS credentials; called for every attempt of a request, retries included. */
  credentialProvider?: AwsCredentialsProvider | undefined;
}

/** The option for a profile, which only `@mantle/bedrock/aws` takes. */
export interface ProfileOptions {
  /** A profile of the AWS config and credentials files. Falls back to `AWS_PROFILE`. */
  profile?: string | undefined;
}

/** All options for authentication, even those that exclude each other. */
export type AuthOptions = BearerOptions & AwsKeyOptions & ProfileOptions;

/** At most one way to sign with AWS credentials; both keys of a pair. */
export type OneSigningWay =
  | Alone<
    AuthOptions,
    "accessKeyId" | "secretAccessKey" | "sessionToken",
    "accessKeyId" | "secretAccessKey"
  >
  | Alone<AuthOptions, "credentialProvider">;

/** At most one way to authenticate without the AWS packages. */
export type OneWay =
  | Alone<AuthOptions, "apiKey">
  | Alone<AuthOptions, "tokenProvider">
  | OneSigningWay;

/** A profile, and no other way to authenticate. */
export type OneProfile = Alone<AuthOptions, "profile">;

/**
 * The options of one way to authenticate, without those of the others, so that the compiler refuses
 * what would fail at run time. `apiKey: null`, which skips a variable, goes with all of them.
 *
 * @typeParam All The options of every way.
 * @typeParam Own The names of the options of this way.
 * @typeParam Needed The names among them that are required.
 */
export type Alone<All, Own extends keyof All, Needed extends Own = never> =
  & Pick<All, Own>
  & { [Name in Needed]: All[Name] }
  & { [Name in Exclude<keyof All, Own>]?: Name extends "apiKey" ? null | undefined : undefined };

/** The options for signing bodies that can be read only once. */
export interface BodyOptions {
  /**
   * Sends streams over https with AWS keys without signing their content.
   *
   * @default {false}
   */
  unsignedPayload?: boolean | undefined;
  /**
   * Largest stream, in bytes, to buffer so that it can be signed with AWS keys.
   *
   * @default {0}
   */
  bufferLimit?: number | undefined;
}

/** The options for the environment, and for the behavior of `.fetch`. */
export interface RuntimeOptions extends BodyOptions {
  /**
   * Source of environment variables, such as the `env` of a Worker.
   *
   * @default {the variables of the process}
   */
  env?: object | undefined;
  /**
   * Function that `.fetch` sends requests with.
   *
   * @default {the global `fetch`, as it is at call time}
   */
  fetch?: Fetch | undefined;
  /**
   * Path prefixes of models, tried before the built-in table. They apply to `.fetch` on a derived
   * Mantle root.
   *
   * @default {[]}
   */
  routes?: readonly Route[] | undefined;
  /**
   * Fails a response of `.fetch` with `TimeoutError` if no data arrives for this many milliseconds.
   *
   * @default {undefined, which sets no limit}
   */
  idleTimeoutMs?: number | undefined;
}

/** Everything that `bedrock()` takes. */
export type BedrockOptions = AuthOptions & EndpointOptions & RuntimeOptions;

/** The options for minting short-term keys, besides the AWS credentials. */
export interface MintingOptions
  extends Pick<EndpointOptions, "region">, Pick<RuntimeOptions, "env"> {
  /**
   * Lifetime of a key, from 1 to 43200 seconds. It never outlives the AWS credentials that it is
   * minted from.
   *
   * @default {43200}
   */
  expiresInSeconds?: number | undefined;
}

/** The longest lifetime of a short-term key that AWS grants. */
export const MAX_KEY_SECONDS = 12 * 60 * 60;

/** The longest timer; runtimes fire longer ones at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const CALLBACK = requireFunction(
  "Pass a callback; pass a fixed value as {apiKey}, or as {accessKeyId} and {secretAccessKey}",
);

/** The check of an endpoint family. */
export const FAMILY_RULE: OptionRule = [
  (value) => value === "mantle" || value === "runtime",
  'is neither "mantle" nor "runtime". A URL goes into {baseURL} or AWS_BEDROCK_BASE_URL',
];

/** All options and their checks; credentials and routes are checked elsewhere. */
const OPTIONS: Readonly<
  Record<keyof BedrockOptions | keyof MintingOptions, OptionRule | undefined>
> = {
  endpoint: FAMILY_RULE,
  region: requireText("Pass one such as us-west-2"),
  baseURL: [
    (value) => value === null || isText(value),
    "is blank or not a string. Pass a URL, or null to derive one",
  ],
  allowInsecureHttp: undefined,
  apiKey: undefined,
  tokenProvider: CALLBACK,
  accessKeyId: undefined,
  secretAccessKey: undefined,
  sessionToken: undefined,
  credentialProvider: CALLBACK,
  profile: requireText("Pass the name of a profile"),
  env: ENV_RULE,
  fetch: FETCH_RULE,
  routes: undefined,
  bufferLimit: [
    (value) => isNumber(value, 0, Infinity),
    "is not a number from 0 up. Pass one, or omit it",
  ],
  unsignedPayload: [
    (value) => typeof value === "boolean",
    "is not a boolean. Pass true or false",
  ],
  idleTimeoutMs: [
    (value) => isNumber(value, 1, MAX_TIMER_MS),
    `is not a number from 1 to ${MAX_TIMER_MS}. Pass one, or omit it`,
  ],
  expiresInSeconds: [
    (value) => Number.isInteger(value) && isNumber(value, 1, MAX_KEY_SECONDS),
    `is not a whole number from 1 to ${MAX_KEY_SECONDS}. Pass one, or omit it`,
  ],
};

/** The names of all options. Entries that ignore one still refuse a wrong value. */
export const OPTION_NAMES = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];

/**
 * Refuses invalid options.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function validateOptions(options: Partial<Record<keyof typeof OPTIONS, unknown>>): void {
  checkOptions(options, OPTIONS);
}

/**
 * Copies routes, so that later changes by the caller have no effect.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function copyRoutes(routes: unknown = []): readonly Route[] {
  try {
    if (Array.isArray(routes)) return Array.from(routes, copyRoute);
  } catch {
    // A list that throws is invalid too
  }
  throw invalidOption(
    "routes",
    'is not a list of patterns and prefixes. Pass pairs such as ["example.model-*", "/v1"]',
  );
}

function copyRoute(route: unknown): Route {
  const [pattern, prefix] = Array.isArray(route) && route.length === 2 ? route : [];
  if (typeof prefix !== "string" || !/^(?:\/(?!\.)[\w.~-]+)+$/.test(prefix)) throw new TypeError();
  if (typeof pattern === "string") return [pattern, prefix as PathPrefix];
  if (pattern instanceof RegExp) return [new RegExp(pattern), prefix as PathPrefix];
  throw new TypeError();
}
