import type {
  AwsCredentialIdentity,
  AwsCredentialsProvider,
  CallbackProperties,
  RuntimeOptions,
} from "../options.ts";
import {
  checkOptions,
  ENV_RULE,
  FETCH_RULE,
  invalidOption,
  isNumber,
  type OptionRule,
  requireFunction,
  requireText,
} from "../options/rules.ts";
import { readOptions } from "../platform/read_options.ts";

/** Resolves an OpenID Connect token. */
export type WebIdentityTokenProvider = (
  properties?: CallbackProperties,
) => string | Promise<string>;

/** The options for reaching a service that issues credentials. */
export interface CredentialServiceOptions extends Pick<RuntimeOptions, "env"> {
  /**
   * The AWS region of the service, such as `us-west-2`. There is no silent default.
   *
   * Falls back to `AWS_REGION`, then `AWS_DEFAULT_REGION`.
   */
  region?: string | undefined;
  /**
   * Uses the FIPS endpoint.
   *
   * Falls back to `AWS_USE_FIPS_ENDPOINT`.
   *
   * @default {false}
   */
  fips?: boolean | undefined;
  /**
   * The `fetch` to send requests with.
   *
   * @default {the global `fetch`, as it is at call time}
   */
  fetch?: RuntimeOptions["fetch"];
}

/** Which role is assumed, and what its session is like. */
export interface RoleOptions extends CredentialServiceOptions {
  /** The ARN of the role, such as `arn:aws:iam::123456789012:role/name`. */
  roleArn?: string | undefined;
  /**
   * The name of the session, which AWS's logs show; 2 to 64 of the characters `A-Za-z0-9_+=,.@-`.
   *
   * Falls back to `AWS_ROLE_SESSION_NAME`.
   *
   * @default {a name with the time}
   */
  roleSessionName?: string | undefined;
  /**
   * The duration of a session, from 900 to 43200 seconds, and no longer than the role allows.
   *
   * @default {3600, by STS}
   */
  durationSeconds?: number | undefined;
  /** A session policy as JSON, which narrows what the role may do. */
  policy?: string | undefined;
  /** The ARNs of at most ten managed policies, which narrow what the role may do. */
  policyArns?: readonly string[] | undefined;
  /**
   * The URL of STS, such as that of a VPC endpoint, instead of the one of the region.
   *
   * Falls back to `AWS_ENDPOINT_URL_STS`, then `AWS_ENDPOINT_URL`, unless
   * `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is `true`.
   */
  stsEndpoint?: string | undefined;
}

/** Which role is assumed with a token, and what its session is like. */
export interface WebIdentityOptions extends RoleOptions {
  /** The ARN of the role. Falls back to `AWS_ROLE_ARN`. */
  roleArn?: string | undefined;
  /** An OpenID Connect ID token, or a callback that resolves one, which is called for every session. */
  token: string | WebIdentityTokenProvider;
  /** The host of a provider of OAuth 2.0, such as `www.amazon.com`; none for OpenID Connect. */
  providerId?: string | undefined;
}

/** Which role is assumed with AWS credentials, and what its session is like. */
export interface AssumeRoleOptions extends RoleOptions {
  /** The ARN of the role. */
  roleArn: string;
  /**
   * The credentials that the role is assumed with, or a provider of them, such as another role's.
   *
   * Falls back to `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
   */
  credentials?: AwsCredentialIdentity | AwsCredentialsProvider | undefined;
  /** The external id that the role's trust policy asks for. */
  externalId?: string | undefined;
  /** The user of the session, which AWS's logs show through a whole chain of roles. */
  sourceIdentity?: string | undefined;
  /** Session tags, by their keys. */
  tags?: Readonly<Record<string, string>> | undefined;
  /** The keys of the session tags that stay through a chain of roles. */
  transitiveTagKeys?: readonly string[] | undefined;
  /** The serial number or the ARN of an MFA device; goes with `tokenCode`. */
  serialNumber?: string | undefined;
  /** Resolves a code of the MFA device, which is good for one session; goes with `serialNumber`. */
  tokenCode?: (() => string | Promise<string>) | undefined;
}

/** Which identity of a Cognito identity pool is used. */
export interface CognitoIdentityOptions extends CredentialServiceOptions {
  /** The id of the identity pool, `<region>:<uuid>`. */
  identityPoolId: string;
  /**
   * The tokens of the user, or callbacks that resolve them, by the name of their provider, such as
   * `cognito-idp.us-west-2.amazonaws.com/us-west-2_EXAMPLE` or `accounts.google.com`.
   *
   * @default {none, which is a guest}
   */
  logins?: Readonly<Record<string, string | WebIdentityTokenProvider>> | undefined;
  /** The role to take where the token offers more than one. */
  customRoleArn?: string | undefined;
  /** The region of the pool, which its id begins with. */
  region?: string | undefined;
  /**
   * The URL of Cognito, instead of the one of the region.
   *
   * Falls back to `AWS_ENDPOINT_URL_COGNITO_IDENTITY`, then `AWS_ENDPOINT_URL`, unless
   * `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is `true`.
   */
  cognitoEndpoint?: string | undefined;
}

const matches = (value: unknown, form: RegExp): value is string =>
  typeof value === "string" && form.test(value);

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isListOf = (value: unknown, form: RegExp) =>
  Array.isArray(value) && value.every((each) => matches(each, form));

const TEXT = requireText("Pass one, or leave it out");

/** The check of a role. */
export const ROLE_ARN: OptionRule = [
  (value) => matches(value, /^arn:aws[\w-]*:iam::\d{12}:role\/[\x21-\x7e]{1,600}$/),
  "is not the ARN of a role. Pass one such as arn:aws:iam::123456789012:role/name",
];

/** The check of a session name. */
export const SESSION_NAME: OptionRule = [
  (value) => matches(value, /^[\w+=,.@-]{2,64}$/),
  "is not 2 to 64 of the characters A-Z, a-z, 0-9 and _+=,.@-. Pass such a name",
];

const TOKEN: OptionRule = [
  (value) => typeof value === "string" || typeof value === "function",
  "is neither a token nor a callback. Pass one of them",
];

const SERVICE_RULES = {
  region: requireText("Pass one such as us-west-2, or leave it out"),
  fips: [
    (value) => typeof value === "boolean",
    "is not a boolean. Pass true or false",
  ],
  env: ENV_RULE,
  fetch: FETCH_RULE,
} satisfies Record<string, OptionRule>;

const ROLE_RULES = {
  ...SERVICE_RULES,
  roleArn: ROLE_ARN,
  roleSessionName: SESSION_NAME,
  durationSeconds: [
    (value) => Number.isInteger(value) && isNumber(value, 900, 43_200),
    "is not a whole number from 900 to 43200. Pass one, or leave it out for an hour",
  ],
  policy: [isJson, "is not JSON. Pass a policy as text, such as by JSON.stringify()"],
  policyArns: [
    (value) => isListOf(value, /^arn:/),
    "is not a list of ARNs. Pass those of policies",
  ],
  stsEndpoint: TEXT,
} satisfies Record<keyof RoleOptions, OptionRule>;

/** The options of `webIdentity()`. */
export const WEB_IDENTITY_RULES: Readonly<Record<keyof WebIdentityOptions, OptionRule>> = {
  ...ROLE_RULES,
  token: TOKEN,
  providerId: TEXT,
};

/** The options of `assumeRole()`. */
export const ASSUME_ROLE_RULES: Readonly<Record<keyof AssumeRoleOptions, OptionRule>> = {
  ...ROLE_RULES,
  credentials: [
    (value) => isObject(value) || typeof value === "function",
    "is neither AWS credentials nor a provider of them. Pass one of them",
  ],
  externalId: TEXT,
  sourceIdentity: SESSION_NAME,
  tags: [
    (value) => isObject(value) && isListOf(Object.values(value), /^/),
    "is not an object of texts. Pass the tags by their keys",
  ],
  transitiveTagKeys: [(value) => isListOf(value, /./), "is not a list of texts. Pass keys of tags"],
  serialNumber: TEXT,
  tokenCode: requireFunction("Pass a callback, as each code is good for one session only"),
};

/** The options of `cognitoIdentity()`. */
export const COGNITO_RULES: Readonly<Record<keyof CognitoIdentityOptions, OptionRule>> = {
  ...SERVICE_RULES,
  identityPoolId: [
    (value) => matches(value, /^[a-z-]{4,20}-\d:[0-9a-f-]{1,55}$/),
    "is not the id of an identity pool, <region>:<uuid>. Pass one",
  ],
  logins: [
    (value) => isObject(value) && Object.values(value).every(TOKEN[0]),
    "is not an object of tokens and callbacks. Pass them by the names of their providers",
  ],
  customRoleArn: ROLE_ARN,
  cognitoEndpoint: TEXT,
};

function isJson(value: unknown): boolean {
  try {
    return typeof value === "string" && isObject(JSON.parse(value));
  } catch {
    return false;
  }
}

/**
 * Reads the options of a function of this entry, each once, and refuses those that cannot work.
 *
 * @param needed Those that may not be left out.
 * @throws {BedrockError} `option_invalid`
 */
export function takeOptions<Options extends object>(
  given: Options,
  rules: Readonly<Record<keyof Options & string, OptionRule>>,
  caller: string,
  needed: readonly (keyof Options & string)[] = [],
): Options {
  const names = Object.keys(rules) as (keyof Options & string)[];
  const options = readOptions(given, names, `\`${caller}()\``, "those of its documentation");
  checkOptions(options, rules);
  for (const name of needed) {
    if (options[name] === undefined) {
      throw invalidOption(name, `is missing. Pass it to ${caller}()`);
    }
  }
  return options;
}
