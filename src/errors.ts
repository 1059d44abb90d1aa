/**
 * The reason for an error, as a stable code.
 *
 * | code | what failed |
 * | --- | --- |
 * | `option_invalid` | an option, other than a credential, is blank, has the wrong type, or needs `@mantle/bedrock/aws` |
 * | `auth_conflict` | two explicit ways to authenticate |
 * | `credentials_incomplete` | half of a key pair, or a session token alone |
 * | `credentials_missing` | no credentials were passed or found (this entry searches no profiles or roles) |
 * | `credentials_invalid` | a credential is blank, malformed or expired |
 * | `credentials_failed` | a callback, or the AWS credential chain, failed |
 * | `credentials_timeout` | a credential took too long to arrive |
 * | `permission_missing` | Deno or a file mode denies access, or Node is too old for an AWS source |
 * | `aws_package_missing` | `@aws-sdk/credential-provider-node` is needed but not installed |
 * | `region_missing` | no region in options, variables, base URL or profile |
 * | `region_invalid` | a value that is not an AWS region |
 * | `region_mismatch` | a short-term key for another region than the endpoint's |
 * | `base_url_invalid` | a base URL that cannot be used safely |
 * | `base_url_mismatch` | a base URL that contradicts the endpoint or the region |
 * | `endpoint_required` | AWS credentials on a custom host without `endpoint` |
 * | `origin_mismatch` | a request to an origin other than the base URL's |
 * | `authorization_conflict` | the caller set an `Authorization` header |
 * | `body_not_replayable` | a body that cannot be signed, because it can be read only once |
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

/** A credential source or variable that was not used, and the reason. */
export interface SkippedSource {
  /** The name of the source. */
  readonly source: string;
  /** The reason, without secrets. */
  readonly reason: string;
  /** The Deno flag that would allow it, where Deno denies it. */
  readonly flag?: string | undefined;
}

/** The refusal of an AWS service to issue credentials; it contains no secret. */
export interface ServiceRefusal {
  /** The service, such as `STS`. */
  readonly service: string;
  /** The operation, such as `AssumeRoleWithWebIdentity`. */
  readonly operation: string;
  /** The service's code, such as `AccessDenied`; empty if the response is not the service's own. */
  readonly code: string;
  /** The service's words, without what could be part of a credential. */
  readonly message: string;
  /** The status of the response. */
  readonly status: number;
  /** The id that AWS knows the request by. */
  readonly requestId: string | undefined;
}

/** The facts about an error besides its code. */
export interface BedrockErrorFacts {
  /** The error of a callback, a getter, `env`, or a package that failed to load. */
  readonly cause?: unknown;
  /** The option at fault, by its name in `bedrock()`. */
  readonly option?: string | undefined;
  /** The variable, file or option that the wrong value comes from. */
  readonly source?: string | undefined;
  /** The Deno flags to add, such as `--allow-env=AWS_REGION`. */
  readonly flag?: string | undefined;
  /** The credential sources that were tried, where none gave credentials. */
  readonly tried?: readonly SkippedSource[] | undefined;
  /** The refusal of the service that issues credentials. */
  readonly refusal?: ServiceRefusal | undefined;
}

/** The option names to show in messages, by their names in `bedrock()`. */
export type OptionNames = Readonly<Record<string, string>>;

/**
 * The brand on errors of every copy of this module: a program may load it as ES module and
 * CommonJS.
 */
const BRAND = Symbol.for("@mantle/bedrock.BedrockError");

const templates = new WeakMap<BedrockError, string>();

/**
 * The error for everything that this module refuses. It is thrown before a request is sent, unless
 * your own `fetch` returned something that is not a response.
 *
 * It never holds a credential. `cause` is the error of your callback, getter or `env`, or of a
 * package that failed to load; errors of AWS's packages are never passed on.
 *
 * @example Handling errors by code
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
 *   assert.equal(error.source, "`region`");
 * }
 * ```
 */
export class BedrockError extends Error {
  static {
    // Unknown facts are not shown, and not read from `Object.prototype`
    const facts = ["option", "source", "flag", "tried", "refusal"];
    for (const fact of facts) Object.assign(this.prototype, { [fact]: undefined });
    Object.assign(this.prototype, { [BRAND]: true });
  }

  /**
   * Recognizes the errors of another copy of this module.
   *
   * @param value Any value.
   * @returns True if it is such an error.
   */
  static override [Symbol.hasInstance]<Class extends abstract new (...parts: never[]) => unknown>(
    this: Class,
    value: unknown,
  ): value is InstanceType<Class> {
    // Subclasses use the default check
    if ((this as unknown) !== BedrockError) {
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
    try {
      return typeof value === "object" && value !== null && BRAND in value;
    } catch {
      return false; // a thrown proxy may throw when inspected
    }
  }

  /** The error code. Messages may change between versions; codes do not. */
  readonly code: BedrockErrorCode;
  /** The option at fault, by its name in `bedrock()`. */
  declare readonly option?: string;
  /** The variable, file or option that the wrong value comes from. */
  declare readonly source?: string;
  /** The Deno flags to add, such as `--allow-env=AWS_REGION`. */
  declare readonly flag?: string;
  /** The credential sources that were tried, where none gave credentials. */
  declare readonly tried?: readonly SkippedSource[];
  /** The refusal of the service that issues credentials. */
  declare readonly refusal?: ServiceRefusal;

  /**
   * Creates an error; users only catch them.
   *
   * @param code The error code.
   * @param template The message: what failed, the wrong value if it is not secret, what to do.
   * `{region}` stands for the shown name of the option `region`; `{tried}` and `{cause}` for these
   * facts.
   * @param facts Further facts.
   * @param names The option names to show.
   */
  constructor(
    code: BedrockErrorCode,
    template: string,
    facts: BedrockErrorFacts = {},
    names: OptionNames = {},
  ) {
    const { cause, ...known } = { __proto__: null, ...facts } as BedrockErrorFacts;
    super(render(template, known, names), cause === undefined ? undefined : { cause });
    this.name = "BedrockError";
    this.code = code;
    for (const [fact, value] of Object.entries(known)) {
      if (value !== undefined) Object.assign(this, { [fact]: value });
    }
    templates.set(this, template);
  }
}

/** Copies an error, with other option names in its message. */
export function renameOptions(error: BedrockError, names: OptionNames): BedrockError {
  const template = templates.get(error);
  const isSame = template === undefined || Object.keys(names).length === 0;
  const { code } = error;
  const cause = Object.getOwnPropertyDescriptor(error, "cause")?.value;
  return isSame ? error : new BedrockError(code, template, { ...error, cause }, names);
}

/**
 * Renders the message of an error with other option names.
 *
 * @param names The option names to show, by their names in `bedrock()`.
 * @param omitted The parts that the reader cannot see, or sees elsewhere.
 */
export function describeError(
  error: BedrockError,
  names: OptionNames,
  omitted: readonly ("cause" | "tried")[] = [],
): string {
  const template = templates.get(error);
  // Errors of another copy of this module keep their message
  return template === undefined ? error.message : render(template, error, names, omitted);
}

function render(
  template: string,
  { tried = [] }: BedrockErrorFacts,
  names: OptionNames,
  omitted: readonly string[] = [],
): string {
  const sources = tried.map(({ source, reason }) => `${source} (${reason})`).join(", ");
  const words: OptionNames = {
    ...names,
    cause: ". See the cause for what it threw",
    tried: sources && ` Tried ${sources}.`,
  };
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (omitted.includes(name)) return "";
    return nameOption(name, words);
  });
}

/** Hides a wrong value if it looks like a key in the wrong place. */
export function showUnlessKey(text: string): string {
  const isKey = /^(?:ABSK|A[KS]IA|bedrock-api-key-)\w{8}/i.test(text);
  return isKey ? "(hidden: it looks like a key)" : text;
}

/** Finds the name to show for an option. */
export function nameOption(option: string, names: OptionNames): string {
  return Object.hasOwn(names, option) ? names[option]! : `\`${option}\``;
}
