/**
 * The OpenAI client with Amazon Bedrock built in: the same name and options as the SDK's own
 * `BedrockOpenAI`, with every way to authenticate of `@mantle/bedrock/aws`.
 *
 * @example Instead of `import { BedrockOpenAI } from "openai"`
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
import { parseCanonicalHost } from "./src/endpoint/hosts.ts";
import {
  applyChanges,
  bringsCredential,
  type ClientBedrockOptions,
  type ClientEndpointOptions,
  type ClientRuntimeOptions,
  listBedrockOnly,
  type OneClientWay,
  SHOWN_CLIENT_NAMES,
  splitOptions,
  toBedrockOptions,
} from "./src/openai/options.ts";
import { refuseSockets } from "./src/openai/sockets.ts";
import { readEnvironment } from "./src/platform/environment.ts";

export type {
  AwsCredentialIdentity,
  AwsCredentialsProvider,
  BedrockEndpoint,
  BedrockErrorCode,
  CallbackProperties,
  ServiceRefusal,
  SkippedSource,
} from "./aws.ts";
export { BedrockError } from "./aws.ts";
export type {
  ClientAuthOptions,
  ClientEndpointOptions,
  ClientRuntimeOptions,
  OneClientWay,
} from "./src/openai/options.ts";

/** The options of the OpenAI client, without those for endpoint and authentication. */
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

/** The options of {@link BedrockOpenAI}: endpoint, authentication, and those of the client. */
export type BedrockClientOptions =
  & PlainClientOptions
  & ClientEndpointOptions
  & ClientRuntimeOptions
  & OneClientWay;

/** A `bedrock()`, and the options it was created from. */
interface Connection {
  readonly options: ClientBedrockOptions;
  readonly fetch: Fetch | undefined;
  readonly bedrock: Bedrock;
}

/**
 * Options set to `undefined`, as the client would read them from `Object.prototype`: on Bun,
 * `fetchOptions` there could set a proxy for every request.
 */
const NOT_INHERITED: ClientOptions = Object.fromEntries(
  ["fetchOptions", "defaultHeaders", "defaultQuery", "organization", "project"]
    .map((name) => [name, undefined]),
);

/** The value of `OPENAI_API_TYPE` that selects Bedrock. */
const API_TYPE = "amazon-bedrock";

/**
 * The connection of each provider. When the SDK clones a client, it only passes on the provider.
 */
const connections = new WeakMap<object, Connection>();

/**
 * An OpenAI client that talks to Amazon Bedrock.
 *
 * It selects endpoint and credentials as `bedrock()` in `@mantle/bedrock/aws` does, and refuses to
 * open WebSockets.
 *
 * The constructor of a subclass must take the options as its first argument, because
 * `withOptions()` calls it.
 *
 * @throws {BedrockError} with the codes of `bedrock`, and `sockets_unsupported` if a realtime or
 * other WebSocket session is opened with it; the SDK's `OpenAIRealtimeTranslationWS` throws its own
 * error instead
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
  readonly #connection: Connection;

  /**
   * Creates a client.
   *
   * @param options The endpoint, at most one way to authenticate, and options of the client.
   */
  constructor(options: BedrockClientOptions = {}) {
    const { ours, theirs } = splitOptions(options);
    const connection = findConnection(theirs) ??
      createConnection(ours, theirs.fetch as Fetch | undefined);
    super({ ...NOT_INHERITED, ...theirs, ...connection.bedrock });
    this.#connection = connection;
    refuseSockets(this);
  }

  /**
   * Creates a client that differs in some options.
   *
   * If you pass any credential, it replaces all the old ones. Credentials, headers, query and
   * `fetchOptions` of this client never go to another origin: with a `baseURL` of another origin,
   * pass a credential for it as well.
   *
   * @param options The options to change.
   * @returns A client of the same class.
   * @throws {BedrockError} `origin_mismatch` if `baseURL` has another origin and no credential is
   * passed with it; otherwise as the constructor
   */
  override withOptions(options: BedrockClientOptions): this {
    const { ours, theirs } = splitOptions(options);
    const current = this.#connection;
    const { fetch = current.fetch, ...plain } = theirs;
    const isSame = fetch === current.fetch && Object.keys(ours).length === 0;
    const next = isSame
      ? current
      : createConnection(applyChanges(current.options, ours), fetch as Fetch | undefined);
    if (leavesOrigin(ours, current, next)) {
      assertOwnCredential(ours, current, next);
      return super.withOptions({ ...plain, ...next.bedrock });
    }
    // The SDK drops these, and `fetch`, if the provider or the origin changes
    const { organization, project, fetchOptions } = this;
    const { defaultHeaders, defaultQuery } = this._options;
    const kept = { organization, project, fetchOptions, defaultHeaders, defaultQuery };
    return super.withOptions({ ...kept, ...plain, ...next.bedrock });
  }
}

/** Checks if changes lead to another origin that was not derived from endpoint and region. */
function leavesOrigin(changes: ClientBedrockOptions, from: Connection, to: Connection): boolean {
  const [old, other] = [from, to].map(({ bedrock }) => new URL(bedrock.url));
  if (old!.origin === other!.origin) return false;
  return changes.baseURL !== undefined || parseCanonicalHost(other!.hostname) === undefined;
}

function assertOwnCredential(
  ours: ClientBedrockOptions,
  from: Connection,
  to: Connection,
): void {
  if (bringsCredential(ours)) return;
  const [old, other] = [from, to].map(({ bedrock }) => new URL(bedrock.url).origin);
  throw new BedrockError(
    "origin_mismatch",
    `Cannot use the credentials for ${old} at ${other}. Pass credentials for ${other} to ` +
      "`withOptions()` as well, such as `apiKey`",
  );
}

/**
 * Creates the client that the environment selects: one for Amazon Bedrock if `OPENAI_API_TYPE` is
 * `amazon-bedrock`, as in the SDK for Python, otherwise a plain one.
 *
 * @param options Options that either client takes.
 * @returns A {@link BedrockOpenAI}, or an `OpenAI` that uses `OPENAI_API_KEY`.
 * @throws {BedrockError} as {@link BedrockOpenAI} does, and `option_invalid` if the variable is a
 * misspelling of `amazon-bedrock`, or if an option for Bedrock is passed without that variable
 *
 * @example A client for the API that the environment selects
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
  const type = readEnvironment().get("OPENAI_API_TYPE");
  if (type === API_TYPE) return new BedrockOpenAI(options);
  if (type?.toLowerCase().replace(/[\s_-]/g, "") === API_TYPE.replace("-", "")) {
    throw new BedrockError(
      "option_invalid",
      `OPENAI_API_TYPE is ${JSON.stringify(type)}. Set it to exactly ${API_TYPE}`,
    );
  }
  const [name] = listBedrockOnly(options);
  if (name === undefined) return new OpenAI(options);
  throw new BedrockError(
    "option_invalid",
    `\`${name}\` is an option for Amazon Bedrock, but OPENAI_API_TYPE does not select it. ` +
      `Set OPENAI_API_TYPE to ${API_TYPE}, or omit \`${name}\``,
  );
}

/** Finds the connection that a provider belongs to. */
function findConnection({ provider }: ClientOptions): Connection | undefined {
  if (provider == null) return undefined;
  const connection = connections.get(provider);
  if (connection) return connection;
  throw new BedrockError(
    "option_invalid",
    "BedrockOpenAI has its own `provider` and takes no other. Pass `provider` to `OpenAI`, or the " +
      "options of the provider to BedrockOpenAI",
  );
}

function createConnection(options: ClientBedrockOptions, fetch: Fetch | undefined): Connection {
  const all = { ...toBedrockOptions(options), fetch };
  const bedrock = createBedrock(all, { aws: AWS, names: SHOWN_CLIENT_NAMES });
  const connection = { options, fetch, bedrock };
  connections.set(bedrock.provider, connection);
  return connection;
}
