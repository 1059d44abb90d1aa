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

/** The function that the platform calls `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** A path prefix that Mantle serves the OpenAI API under. */
export type PathPrefix = `/${string}`;

/** Models, by id with `*` for any text or by a regular expression, and the prefix that serves them. */
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

/** Where to send requests. */
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

/** What a callback is told about the lookup. */
export interface CallbackProperties {
  /** Set when the service has refused what the callback returned last; AWS's own providers know it. */
  readonly forceRefresh?: boolean | undefined;
}

/** AWS credentials that requests are signed with. */
export interface AwsCredentialIdentity {
  /** Access key id. */
  readonly accessKeyId: string;
  /** Secret access key. */
  readonly secretAccessKey: string;
  /** Session token, which temporary credentials have. */
  readonly sessionToken?: string | undefined;
  /** When temporary credentials expire. */
  readonly expiration?: Date | undefined;
}

/**
 * Resolves AWS credentials; called for every attempt of a request, retries included. It is called
 * with `{ forceRefresh: true }` when the service has refused the last ones, which AWS's own
 * providers understand.
 */
export type AwsCredentialsProvider = (
  properties?: CallbackProperties,
) => AwsCredentialIdentity | Promise<AwsCredentialIdentity>;

/** How to authenticate with a bearer token; at most one of the two. */
export interface BearerOptions {
  /**
   * A Bedrock API key.
   *
   * Falls back to `AWS_BEARER_TOKEN_BEDROCK`, read again for every attempt; `null` skips that
   * variable.
   */
  apiKey?: string | null | undefined;
  /**
   * Resolves a token; called for every attempt of a request, retries included. It is called with
   * `{ forceRefresh: true }` when the service has refused the last one.
   */
  tokenProvider?: ((properties?: CallbackProperties) => string | Promise<string>) | undefined;
}

/** How to authenticate with AWS credentials and Signature Version 4; keys or the callback. */
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

/** How to authenticate with the AWS files; `aws.ts` adds it. */
export interface ProfileOptions {
  /** A profile of the AWS config and credentials files. Falls back to `AWS_PROFILE`. */
  profile?: string | undefined;
}

/** Every option that may say how to authenticate, whether they go together or not. */
export type AuthOptions = BearerOptions & AwsKeyOptions & ProfileOptions;

/** At most one way to sign with AWS credentials; of a pair of keys both are given. */
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
 * Some options without the others; but `apiKey: null`, which skips a variable, goes with all. So the
 * compiler refuses what would be refused at run time.
 *
 * @typeParam All The options of every way.
 * @typeParam Own The names of those of one way.
 * @typeParam Needed The names among them that may not be left out.
 */
export type Alone<All, Own extends keyof All, Needed extends Own = never> =
  & Pick<All, Own>
  & { [Name in Needed]: All[Name] }
  & { [Name in Exclude<keyof All, Own>]?: Name extends "apiKey" ? null | undefined : undefined };

/** How bodies that can be read only once are signed. */
export interface BodyOptions {
  /**
   * Sends a stream over https with AWS keys without covering it by the signature.
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

/** What `bedrock()` takes from the program around it, and how its `fetch` behaves. */
export interface RuntimeOptions extends BodyOptions {
  /**
   * Where variables are read from, such as the `env` of a Worker.
   *
   * @default {the variables of the process}
   */
  env?: object | undefined;
  /**
   * What `.fetch` sends through.
   *
   * @default {the global `fetch`, as it is at call time}
   */
  fetch?: Fetch | undefined;
  /**
   * Path prefixes of models, tried before the table of this module; for `.fetch`, on a Mantle root
   * that was derived.
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

/** For which region and how long short-term keys are minted. */
export interface MintingOptions
  extends Pick<EndpointOptions, "region">, Pick<RuntimeOptions, "env"> {
  /**
   * How long a key is valid, from 1 to 43200 seconds. It never outlives the credentials
   * that it is minted from.
   *
   * @default {43200}
   */
  expiresInSeconds?: number | undefined;
}

/** The longest life of a short-term key that AWS grants. */
export const MAX_KEY_SECONDS = 12 * 60 * 60;

/** Every runtime takes a longer timer for none at all. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const CALLBACK = requireFunction(
  "Pass a callback; a fixed value goes into {apiKey}, or {accessKeyId} and {secretAccessKey}",
);

/** Every option and what it must be; credentials and routes have checks of their own. */
/** What an endpoint family must be. */
export const FAMILY_RULE: OptionRule = [
  (value) => value === "mantle" || value === "runtime",
  'is neither "mantle" nor "runtime". A URL goes into {baseURL} or AWS_BEDROCK_BASE_URL',
];

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
    "is not a number from 0. Pass one, or leave it out",
  ],
  unsignedPayload: [
    (value) => typeof value === "boolean",
    "is not a boolean. Pass true or false",
  ],
  idleTimeoutMs: [
    (value) => isNumber(value, 1, MAX_TIMER_MS),
    `is not a number from 1 to ${MAX_TIMER_MS}. Pass one, or leave it out`,
  ],
  expiresInSeconds: [
    (value) => Number.isInteger(value) && isNumber(value, 1, MAX_KEY_SECONDS),
    `is not a whole number from 1 to ${MAX_KEY_SECONDS}. Pass one, or leave it out`,
  ],
};

/** The names of all options; whoever ignores one refuses a wrong value of it all the same. */
export const OPTION_NAMES = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];

/**
 * Refuses options that could not work.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function validateOptions(options: Partial<Record<keyof typeof OPTIONS, unknown>>): void {
  checkOptions(options, OPTIONS);
}

/**
 * Copies routes, so that they stay as they were checked.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function copyRoutes(routes: unknown = []): readonly Route[] {
  try {
    if (Array.isArray(routes)) return Array.from(routes, copyRoute);
  } catch {
    // A list that cannot be read is invalid
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
