import type { Cassette } from "./cassette.ts";
import type { MantleOptions, MisbehaveOptions } from "./mantle/mod.ts";

/** The configuration of a subject, under the official SDK's option names. */
export interface SubjectOptions {
  /** The endpoint family. */
  readonly endpoint?: "mantle" | "runtime" | undefined;
  /** The AWS region. */
  readonly region?: string | undefined;
  /** The root of the API; `null` skips the variable. */
  readonly baseURL?: string | null | undefined;
  /** A Bedrock API key; `null` skips the variable. */
  readonly apiKey?: string | null | undefined;
  /** Resolves a token, for every attempt. */
  readonly tokenProvider?:
    | ((properties?: CallbackProperties) => string | Promise<string>)
    | undefined;
  /** Access key id. */
  readonly accessKeyId?: string | undefined;
  /** Secret access key. */
  readonly secretAccessKey?: string | undefined;
  /** Session token of temporary keys. */
  readonly sessionToken?: string | undefined;
  /** Resolves AWS credentials, for every attempt. */
  readonly credentialProvider?:
    | ((properties?: CallbackProperties) => Credentials | Promise<Credentials>)
    | undefined;
  /** The environment variables that the subject sees, and no others. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Path prefixes of models, which take precedence over those that the subject knows. */
  readonly routes?: readonly (readonly [pattern: string | RegExp, prefix: `/${string}`])[];
  /** Permission to send a stream over https without covering it by the signature. */
  readonly unsignedPayload?: boolean | undefined;
  /** The largest stream, in bytes, to buffer so that it can be signed. */
  readonly bufferLimit?: number | undefined;
  /** Fails a response if no data arrives for this many milliseconds. */
  readonly idleTimeoutMs?: number | undefined;
  /** Receives the lines of the client's debug log. */
  readonly log?: ((...line: unknown[]) => void) | undefined;
  /** Edits each request between the client and its `fetch`, as a program's own wrapper would. */
  readonly edit?: ((init: RequestInit) => RequestInit) | undefined;
}

/** The argument of a callback that resolves a credential. */
export interface CallbackProperties {
  /** Set when the service has refused the last credential. */
  readonly forceRefresh?: boolean | undefined;
}

/** AWS credentials. */
export interface Credentials {
  /** Access key id. */
  readonly accessKeyId: string;
  /** Secret access key. */
  readonly secretAccessKey: string;
  /** Session token of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** The options of one call. */
export interface CallOptions {
  /** The body; an object is sent as JSON, except forms, streams and bytes. */
  readonly body?: unknown;
  /** The headers; an array repeats its header. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The query, of `call` only; an array repeats its name. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Aborts the call. */
  readonly signal?: AbortSignal;
  /** The signal of `fetchOptions`, which some versions of the SDK ignore. */
  readonly transportSignal?: AbortSignal;
  /** The time limit of the call, in milliseconds. */
  readonly timeoutMs?: number;
  /** The number of retries that the client may make. */
  readonly maxRetries?: number;
}

/** The content of `POST responses` and `POST chat/completions`. */
export interface Question {
  /** The id of the model. */
  readonly model: string;
  /** Input items or messages, or plain text. */
  readonly input: unknown;
  /** Further fields of the request. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The result of an operation that asks a model. */
export interface ModelResponse {
  /** The text of the response. */
  readonly text: string;
  /** The whole parsed response. */
  readonly response: unknown;
}

/** A configured client. An operation that the subject does not offer is absent. */
export interface Connection {
  /** The base URL that the client sends to, if it exposes it. */
  readonly baseURL?: string | undefined;
  /** The objects of the client that a program holds and might print. */
  readonly held?: readonly object[] | undefined;
  /** Changes the base URL of the client, even while a call is running. */
  move?(baseURL: string): void;
  /** Derives a client from this one, with other credentials. */
  derive?(options: SubjectOptions): Promise<Connection>;
  /** A `fetch` that authenticates everything it sends below the base URL. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Calls any path of the API, and resolves to the parsed response. */
  call?(method: "GET" | "POST" | "DELETE", path: string, options?: CallOptions): Promise<unknown>;
  /** Calls `POST responses`. */
  respond?(question: Question, options?: CallOptions): Promise<ModelResponse>;
  /** Calls `POST responses` with streaming, and yields the events. */
  streamResponse?(question: Question, options?: CallOptions): AsyncIterable<StreamEvent>;
  /** Calls `POST chat/completions`. */
  chat?(question: Question, options?: CallOptions): Promise<ModelResponse>;
  /** Calls `POST chat/completions` with streaming, and yields the chunks. */
  streamChat?(question: Question, options?: CallOptions): AsyncIterable<unknown>;
  /** Calls `POST files`. */
  upload?(file: File, purpose: string, options?: CallOptions): Promise<unknown>;
}

/** A parsed server-sent event. */
export interface StreamEvent {
  /** The type of the event. */
  readonly type: string;
  /** The other fields of the event. */
  readonly [field: string]: unknown;
}

/** The operations of a {@link Connection}. */
export type Operation = Exclude<keyof Connection, "baseURL" | "held">;

/** An implementation that cases can be run against. */
export interface Subject {
  /** Its name in reports. */
  readonly name: string;
  /** The capabilities that it lacks; cases that need one of them are reported as not offered. */
  readonly lacks?: readonly Capability[] | undefined;
  /** Configures a client; throws if the subject refuses the options. */
  connect(options: SubjectOptions, fetch: typeof globalThis.fetch): Promise<Connection>;
  /** Mints a short-term key from AWS credentials; absent if the subject cannot. */
  mintKey?: ((options: SubjectOptions) => Promise<string>) | undefined;
}

/**
 * A capability of a subject or a runtime that a case may need, besides operations.
 *
 * - `items`: input items and further fields of a question
 * - `runtime`: the Bedrock Runtime endpoint
 * - `retries`: retries by the client
 * - `lookupTimeout`: a time limit of a call that covers the lookup of a credential
 * - `signsEdits`: requests that were edited after signing are signed again
 * - `streamBodies`: streams are signed, or sent unsigned, if options allow it
 * - `routes`: requests go to the path that serves their model
 * - `explains`: errors come with advice
 * - `recovers`: refused credentials are replaced, and a wrong clock is corrected
 * - `idleTimeout`: responses that fall silent fail
 * - `clock`, `timers`: the runtime lets `Date` or its timers be replaced
 */
export type Capability =
  | Operation
  | "mintKey"
  | "sigv4"
  | "variables"
  | "tokenProvider"
  | "runtime"
  | "items"
  | "retries"
  | "lookupTimeout"
  | "transportSignal"
  | "log"
  | "signsEdits"
  | "streamBodies"
  | "routes"
  | "explains"
  | "recovers"
  | "idleTimeout"
  | "clock"
  | "timers";

/** A request as it left the subject. */
export interface SentRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The URL. */
  readonly url: string;
  /** The headers, credentials included. */
  readonly headers: Headers;
  /** The whole body. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** The `redirect` option that `fetch` was called with. */
  readonly redirect: string | undefined;
  /** The response so far; absent if none came. */
  readonly response?: ReceivedResponse;
}

/** A response while it is read. */
export interface ReceivedResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The headers. */
  readonly headers: Headers;
  /** The part of the text that was read; long text is cut. */
  text: string;
}

/** The surroundings of a running case. */
export interface Context {
  /** The root that serves gpt-5 models: AWS's in replay, the local server's on the wire. */
  readonly baseURL: string;
  /** Sends to the responder of the case: a cassette, the local server, or the case itself. */
  readonly fetch: typeof globalThis.fetch;
  /** The requests that were sent through it. */
  readonly sent: readonly SentRequest[];
  /** A token that is accepted. */
  readonly bearerToken: string;
  /** AWS keys that are accepted. */
  readonly credentials: Credentials;
  /** Temporary AWS keys that are accepted. */
  readonly sessionCredentials: Credentials & { readonly sessionToken: string };
  /** The region that signatures must be scoped to. */
  readonly region: string;
}

/** The configuration of the local Mantle server, and what it does wrong. */
export type Service =
  & Pick<MantleOptions, "endpoint" | "region">
  & Pick<MisbehaveOptions, "misbehaviours">;

/** A claim that must hold for every client of Bedrock Mantle. */
export interface Case {
  /** A path: its topic and its subject. */
  readonly id: string;
  /** The claim in plain words. */
  readonly title: string;
  /** The source of the claim: a page, an issue, a vector. */
  readonly source: string;
  /** Set if only this project makes the rule, so that others are not held to it. */
  readonly own?: true;
  /** The capabilities that it needs. */
  readonly needs: readonly Capability[];
  /** The cassette that responds, or its id. */
  readonly cassette?: string | Cassette;
  /** The local Mantle server that responds if there is no cassette. */
  readonly mantle?: Service;
  /**
   * Responds if there is neither. `count` starts at one for each run of the case; an error is a
   * connection that failed.
   */
  handle?(request: SentRequest, count: number): Response | Promise<Response>;
  /** Set if it mostly waits, so that it runs concurrently with others that wait. */
  readonly waits?: true;
  /** Throws if the claim does not hold. */
  run(subject: Subject, context: Context): Promise<void>;
  /** Breaks a subject, so that the case must fail. */
  negative(subject: Subject): Subject;
}

/** The outcome of a case. */
export interface Outcome {
  /** The id of the case. */
  readonly id: string;
  /** Its claim. */
  readonly title: string;
  /** The source of the claim. */
  readonly source: string;
  /** True if only this project makes the rule. */
  readonly own: boolean;
  /** The result. */
  readonly result: "pass" | "fail" | "not offered";
  /** The reason, if it failed or was not offered. */
  readonly reason?: string;
  /** The duration. */
  readonly milliseconds: number;
  /** The exchanges, if it failed. */
  readonly sent: readonly ShownExchange[];
}

/** A request and its response as reports show them: secrets are masked, and long bodies cut. */
export interface ShownExchange {
  /** The HTTP method. */
  readonly method: string;
  /** The URL, or the path of an expected request. */
  readonly url: string;
  /** The headers of the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body, as text. */
  readonly body?: string;
  /** The response, if one came. */
  readonly response?: {
    /** The HTTP status. */
    readonly status: number;
    /** The headers. */
    readonly headers: Readonly<Record<string, string>>;
    /** The body, as text. */
    readonly body?: string;
  };
}
