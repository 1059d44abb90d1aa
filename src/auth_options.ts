import type { CallbackProperties } from "./callback.ts";
import type { AwsCredentialsProvider } from "./credentials.ts";

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
   * `{ forceRefresh: true }` where the service has refused the last one.
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

/** How to authenticate with what the AWS tools have set up; `aws.ts` adds it. */
export interface ProfileOptions {
  /** A profile of the AWS config and credentials files. Falls back to `AWS_PROFILE`. */
  profile?: string | undefined;
}

/** Everything that may say how to authenticate, whether it goes together or not. */
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
 * Some options where the others may not stand; but `apiKey: null`, which skips a variable, goes with
 * all. So the compiler refuses what would be refused when it runs.
 *
 * @typeParam All The options of every way.
 * @typeParam Own The names of those of one way.
 * @typeParam Needed The names among them that may not be left out.
 */
export type Alone<All, Own extends keyof All, Needed extends Own = never> =
  & Pick<All, Own>
  & { [Name in Needed]: All[Name] }
  & { [Name in Exclude<keyof All, Own>]?: Name extends "apiKey" ? null | undefined : undefined };
