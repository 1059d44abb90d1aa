/**
 * The OpenAI client with Amazon Bedrock built in, under the name and the options of the SDK's own
 * class `BedrockOpenAI`, and with all the ways to authenticate of `@mantle/bedrock/aws`.
 *
 * @example In place of `import { BedrockOpenAI } from "openai"`
 * ```ts
 * import { BedrockOpenAI } from "@mantle/bedrock/openai";
 *
 * const client = new BedrockOpenAI({ awsRegion: "us-west-2", awsProfile: "work" });
 * ```
 *
 * @module
 */
import { type ClientOptions, OpenAI } from "openai";
import { type Bedrock, BedrockError, type Fetch } from "./aws.ts";
import { AWS } from "./src/aws/setup.ts";
import { createBedrock } from "./src/bedrock.ts";
import {
  bedrockOnly,
  type BedrockOptions,
  type ClientEndpointOptions,
  type ClientRuntimeOptions,
  hasAuth,
  inClientNames,
  type OneClientWay,
  overridden,
  partOptions,
  providerOptions,
} from "./src/client_options.ts";
import { environment } from "./src/environment.ts";
import { parseCanonicalHost } from "./src/host.ts";
import { refuseSockets } from "./src/sockets.ts";
import { reworded, rewording } from "./src/wording.ts";
import { REAL_WORLD } from "./src/world.ts";

export type {
  AwsCredentialIdentity,
  AwsCredentialsProvider,
  BedrockEndpoint,
  BedrockErrorCode,
  CallbackProperties,
  PassedOver,
} from "./aws.ts";
export { BedrockError } from "./aws.ts";
export type {
  ClientAuthOptions,
  ClientEndpointOptions,
  ClientRuntimeOptions,
  OneClientWay,
} from "./src/client_options.ts";

/** The options of the OpenAI client that say nothing of where to send or how to authenticate. */
export interface PlainClientOptions extends
  Omit<
    ClientOptions,
    | "adminAPIKey"
    | "apiKey"
    | "baseURL"
    | "credential"
    | "dataResidency"
    | "provider"
    | "workloadIdentity"
    | "x509Transport"
  > {}

/** Where to send requests, at most one explicit way to authenticate, and options of the client. */
export type BedrockClientOptions =
  & PlainClientOptions
  & ClientEndpointOptions
  & ClientRuntimeOptions
  & OneClientWay;

/** A `bedrock()`, with what it was made from. */
interface Way {
  readonly options: BedrockOptions;
  readonly send: Fetch | undefined;
  readonly bedrock: Bedrock;
}

/** The value of `OPENAI_API_TYPE` that asks for Bedrock. */
const API_TYPE = "amazon-bedrock";

/** By the provider, which is all that the SDK hands on when it clones a client. */
const ways = new WeakMap<object, Way>();

/**
 * An OpenAI client that talks to Amazon Bedrock.
 *
 * Everything is decided as by `bedrock()` in `@mantle/bedrock/aws`. Sockets of any kind are refused.
 *
 * The constructor of a subclass must take the options as its first argument: clones are made by it.
 *
 * @throws {BedrockError} with the codes of `bedrock`, and `sockets_unsupported` where a realtime or
 * other WebSocket session is opened with it; the SDK's `OpenAIRealtimeTranslationWS` throws an error
 * of its own
 *
 * @example Another region with the same credentials
 * ```ts
 * import assert from "node:assert/strict";
 * import { BedrockOpenAI } from "@mantle/bedrock/openai";
 *
 * const client = new BedrockOpenAI({ awsRegion: "us-west-2", apiKey: "bedrock-api-key-example" });
 * const other = client.withOptions({ awsRegion: "eu-central-1" });
 * assert.equal(other.baseURL, "https://bedrock-mantle.eu-central-1.api.aws/openai/v1");
 * ```
 */
export class BedrockOpenAI extends OpenAI {
  readonly #way: Way;

  /**
   * Makes a client.
   *
   * @param options Where to send requests, how to authenticate them, and options of the client.
   */
  constructor(options: BedrockClientOptions = {}) {
    const { ours, theirs } = partOptions(options);
    const way = knownWay(theirs) ?? findWay(ours, theirs.fetch as Fetch | undefined);
    super({ ...theirs, ...way.bedrock });
    this.#way = way;
    refuseSockets(this);
  }

  /**
   * Makes a client that differs in some options.
   *
   * If you pass any credential, it replaces all the old ones; otherwise they are kept. Neither they nor
   * the headers, query and `fetchOptions` of this client are carried to another origin by a `baseURL`.
   *
   * @param options What differs.
   * @returns A client of the same class.
   * @throws {BedrockError} `origin_mismatch` where `baseURL` has another origin and no credential for it
   * is given; otherwise as the constructor
   */
  override withOptions(options: BedrockClientOptions): this {
    const { ours, theirs } = partOptions(options);
    const { fetch = this.#way.send, ...plain } = theirs;
    const same = fetch === this.#way.send && Object.keys(ours).length === 0;
    const way = same
      ? this.#way
      : findWay(overridden(this.#way.options, ours), fetch as Fetch | undefined);
    if (leavesOrigin(ours, this.#way, way)) {
      assertOwnCredential(ours, this.#way, way);
      return super.withOptions({ ...plain, ...way.bedrock });
    }
    // The SDK drops these, and `fetch`, where the provider or the origin is another one
    const { organization, project, fetchOptions } = this;
    const { defaultHeaders, defaultQuery } = this._options;
    const kept = { organization, project, fetchOptions, defaultHeaders, defaultQuery };
    return super.withOptions({ ...kept, ...plain, ...way.bedrock });
  }
}

/** Whether changes lead to another origin, but for one that is derived from family and region. */
function leavesOrigin(changes: BedrockOptions, from: Way, to: Way): boolean {
  const [old, other] = [from, to].map(({ bedrock }) => new URL(bedrock.url));
  if (old!.origin === other!.origin) return false;
  return changes.baseURL !== undefined || parseCanonicalHost(other!.hostname) === undefined;
}

function assertOwnCredential(ours: BedrockOptions, from: Way, to: Way): void {
  if (hasAuth(ours)) return;
  const [old, other] = [from, to].map(({ bedrock }) => new URL(bedrock.url).origin);
  throw new BedrockError(
    "origin_mismatch",
    `Cannot carry the credentials for ${old} to ${other}. Pass those for ${other} to ` +
      "`withOptions()` as well, such as `apiKey`",
  );
}

/**
 * Makes the client that the environment asks for: one for Amazon Bedrock where `OPENAI_API_TYPE` is
 * `amazon-bedrock`, as in the SDK for Python, and else a plain one.
 *
 * @param options Options of either client.
 * @returns A {@link BedrockOpenAI}, or an `OpenAI` with `OPENAI_API_KEY`.
 * @throws {BedrockError} as {@link BedrockOpenAI} does, and `option_invalid` where the variable is
 * almost `amazon-bedrock`, or an option is for Bedrock and the variable is not
 *
 * @example A client for whatever is set
 * ```ts
 * import assert from "node:assert/strict";
 * import process from "node:process";
 * import { BedrockOpenAI, fromEnvironment } from "@mantle/bedrock/openai";
 *
 * process.env.OPENAI_API_TYPE = "amazon-bedrock"; // as a shell or a container would
 * const client = fromEnvironment({ maxRetries: 5 });
 * assert.ok(client instanceof BedrockOpenAI);
 * ```
 */
export function fromEnvironment(options: PlainClientOptions = {}): OpenAI {
  const type = environment().get("OPENAI_API_TYPE");
  if (type === API_TYPE) return new BedrockOpenAI(options);
  if (type?.toLowerCase().replace(/[\s_-]/g, "") === API_TYPE.replace("-", "")) {
    throw new BedrockError(
      "option_invalid",
      `OPENAI_API_TYPE is ${JSON.stringify(type)}. Set it to ${API_TYPE}, in this very form`,
    );
  }
  const [name] = bedrockOnly(options);
  if (name === undefined) return new OpenAI(options);
  throw new BedrockError(
    "option_invalid",
    `\`${name}\` is an option for Amazon Bedrock, and OPENAI_API_TYPE asks for OpenAI itself. ` +
      `Set it to ${API_TYPE}, or leave \`${name}\` out`,
  );
}

/** The way that a provider of ours belongs to. */
function knownWay({ provider }: ClientOptions): Way | undefined {
  if (provider == null) return undefined;
  const way = ways.get(provider);
  if (way) return way;
  throw new BedrockError(
    "option_invalid",
    "`provider` cannot be given to BedrockOpenAI, which has one of its own. Pass it to `OpenAI`, " +
      "or pass the options of `bedrock()` in their names here",
  );
}

function findWay(options: BedrockOptions, send: Fetch | undefined): Way {
  const all = { ...providerOptions(options), fetch: send };
  try {
    const bedrock = createBedrock(
      all,
      AWS,
      REAL_WORLD,
      (authenticator) => rewording(authenticator, inClientNames),
    );
    const way = { options, send, bedrock };
    ways.set(bedrock.provider, way);
    return way;
  } catch (error) {
    throw reworded(error, inClientNames);
  }
}
