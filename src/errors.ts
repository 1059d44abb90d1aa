/**
 * Every reason for which this module refuses to go on, as a stable code.
 *
 * | code | what failed |
 * | --- | --- |
 * | `option_invalid` | an option, other than a credential, is blank, has the wrong type, or needs `aws.ts` |
 * | `auth_conflict` | two explicit ways to authenticate at once |
 * | `credentials_incomplete` | half of a key pair, or a session token alone |
 * | `credentials_missing` | no credential was given and none was found |
 * | `credentials_invalid` | a credential that is blank, or cannot be sent or signed with |
 * | `credentials_failed` | a callback, or the AWS credential chain, failed |
 * | `credentials_timeout` | a credential took too long to arrive |
 * | `permission_missing` | Deno withholds, a file's mode forbids, or an old Node lacks what an AWS source needs |
 * | `aws_package_missing` | `@aws-sdk/credential-provider-node` is needed and not installed |
 * | `region_missing` | no region in options, variables, base URL or profile |
 * | `region_invalid` | a region that is not a plain AWS region |
 * | `region_mismatch` | a short-term key of another region than the endpoint's |
 * | `base_url_invalid` | a base URL that cannot be used safely |
 * | `base_url_mismatch` | a base URL that contradicts `endpoint` or the region |
 * | `endpoint_required` | AWS credentials on a custom host without `endpoint` |
 * | `origin_mismatch` | a request to another origin than the base URL's |
 * | `authorization_conflict` | the caller set an `Authorization` header of its own |
 * | `body_not_replayable` | a body that Signature Version 4 cannot hash beforehand |
 * | `sockets_unsupported` | a realtime or other WebSocket session with `BedrockOpenAI` |
 * | `web_crypto_missing` | the runtime has no `crypto.subtle` |
 */
export type BedrockErrorCode =
  | "option_invalid"
  | "auth_conflict"
  | "credentials_incomplete"
  | "credentials_missing"
  | "credentials_invalid"
  | "credentials_failed"
  | "credentials_timeout"
  | "permission_missing"
  | "aws_package_missing"
  | "region_missing"
  | "region_invalid"
  | "region_mismatch"
  | "base_url_invalid"
  | "base_url_mismatch"
  | "endpoint_required"
  | "origin_mismatch"
  | "authorization_conflict"
  | "body_not_replayable"
  | "sockets_unsupported"
  | "web_crypto_missing";

/** A source of credentials, and why it gave none or was not asked. */
export interface PassedOver {
  /** What the source is called. */
  readonly source: string;
  /** In words of this module, which hold no secret. */
  readonly reason: string;
}

/** Marks errors of every copy of this module: a program may load it as ES module and as CommonJS. */
const BRAND = Symbol.for("@mantle/bedrock.BedrockError");

/**
 * Thrown for everything that this module refuses, before a request is sent unless it is the answer of
 * your own `fetch` that cannot be used.
 *
 * No message or property of it holds a credential. `cause` is what your own callback, getter or
 * `env` threw, or what kept a package from loading, as it is; what a lookup of AWS's packages throws
 * is never passed on.
 *
 * @example Telling failures apart
 * ```ts
 * import assert from "node:assert/strict";
 * import { bedrock, BedrockError } from "@mantle/bedrock";
 *
 * try {
 *   bedrock({ region: "us-west-2a", apiKey: "key" }); // an availability zone
 *   assert.fail();
 * } catch (error) {
 *   assert.ok(error instanceof BedrockError);
 *   assert.equal(error.code, "region_invalid");
 * }
 * ```
 */
export class BedrockError extends Error {
  static {
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  /**
   * Lets `instanceof` know the errors of another copy of this module.
   *
   * @param value What is asked about.
   * @returns Whether it is one of them.
   */
  static override [Symbol.hasInstance]<Class extends abstract new (...parts: never[]) => unknown>(
    this: Class,
    value: unknown,
  ): value is InstanceType<Class> {
    // A subclass has instances of its own
    if ((this as unknown) !== BedrockError) {
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
    try {
      return typeof value === "object" && value !== null && BRAND in value;
    } catch {
      return false; // anything can be thrown, also what throws where it is asked what it is
    }
  }

  /** What failed. Messages may change between versions; codes do not. */
  readonly code: BedrockErrorCode;
  /** The sources that a credential chain tried, where one found nothing. */
  readonly tried?: readonly PassedOver[];

  /**
   * Makes an error; users only catch them.
   *
   * @param code What failed.
   * @param message What failed, the value that is wrong if it is not secret, and what to do.
   * @param options `cause`, where it can hold no secret of ours, and `tried`.
   */
  constructor(
    code: BedrockErrorCode,
    message: string,
    options?: ErrorOptions & { tried?: readonly PassedOver[] },
  ) {
    super(message, options);
    this.name = "BedrockError";
    this.code = code;
    if (options?.tried) this.tried = options.tried;
  }
}
