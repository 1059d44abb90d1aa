import type { Cassette } from "./cassette.ts";
import type { MantleOptions, MisbehaveOptions } from "./mantle/mod.ts";

/** What a subject is configured with, under the official SDK's option names. */
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
  readonly tokenProvider?: ((told?: Refreshing) => string | Promise<string>) | undefined;
  /** Access key id. */
  readonly accessKeyId?: string | undefined;
  /** Secret access key. */
  readonly secretAccessKey?: string | undefined;
  /** Session token of temporary keys. */
  readonly sessionToken?: string | undefined;
  /** Resolves AWS credentials, for every attempt. */
  readonly credentialProvider?:
    | ((told?: Refreshing) => Credentials | Promise<Credentials>)
    | undefined;
  /** The variables that the subject finds; it finds no others. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Path prefixes of models, before those that the subject knows. */
  readonly routes?: readonly (readonly [pattern: string | RegExp, prefix: `/${string}`])[];
  /** Whether a stream may be sent over https without covering it by the signature. */
  readonly unsignedPayload?: boolean | undefined;
  /** How many bytes of a stream may be buffered to sign it. */
  readonly bufferLimit?: number | undefined;
  /** Ends an answer in an error where nothing comes for so long. */
  readonly idleTimeoutMs?: number | undefined;
  /** Takes the lines of the client's debug log. */
  readonly log?: ((...line: unknown[]) => void) | undefined;
  /** What a wrapper of the program's own makes of a request, between the client and its `fetch`. */
  readonly edit?: ((init: RequestInit) => RequestInit) | undefined;
}

/** What a callback is told where the service has refused what it gave last. */
export interface Refreshing {
  /** Set where the last credential was refused. */
  readonly forceRefresh?: boolean | undefined;
}

/** AWS credentials. */
export interface Credentials {
  /** Access key id. */
  readonly accessKeyId: string;
  /** Secret access key. */
  readonly secretAccessKey: string;
  /** Session token, which temporary credentials have. */
  readonly sessionToken?: string | undefined;
}

/** How one call differs from the client's defaults. */
export interface CallOptions {
  /** What is sent; JSON, but for forms, streams and bytes. */
  readonly body?: unknown;
  /** An array is a header that is given repeatedly. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Of `call` alone; an array is a name that is given repeatedly. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Aborts the call. */
  readonly signal?: AbortSignal;
  /** The signal of `fetchOptions`, which some versions of the SDK do not look at. */
  readonly transportSignal?: AbortSignal;
  /** How long the call may take. */
  readonly timeoutMs?: number;
  /** How often the client may try again. */
  readonly maxRetries?: number;
}

/** What `POST responses` and `POST chat/completions` are asked with. */
export interface Question {
  /** The id of the model. */
  readonly model: string;
  /** Input items or messages, or a plain text. */
  readonly input: unknown;
  /** Further fields of the request. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A client at work. An operation that the subject does not offer is absent. */
export interface Connection {
  /** Where the client sends requests, where it tells. */
  readonly baseURL?: string | undefined;
  /** The objects that a program holds of the client, and might print. */
  readonly held?: readonly object[] | undefined;
  /** Has the client, also one that is under way, send to another base URL from now on. */
  move?(baseURL: string): void;
  /** A client made from this one, with other credentials. */
  derive?(options: SubjectOptions): Promise<Connection>;
  /** A `fetch` that authenticates whatever it sends below the base URL. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Any call to the API; resolves to the parsed answer. */
  call?(method: "GET" | "POST" | "DELETE", path: string, options?: CallOptions): Promise<unknown>;
  /** `POST responses`; resolves to the answer's text and the whole answer. */
  respond?(question: Question, options?: CallOptions): Promise<{ text: string; answer: unknown }>;
  /** `POST responses`, streamed; yields events. */
  streamResponse?(question: Question, options?: CallOptions): AsyncIterable<StreamEvent>;
  /** `POST chat/completions`. */
  chat?(question: Question, options?: CallOptions): Promise<{ text: string; answer: unknown }>;
  /** `POST chat/completions`, streamed; yields chunks. */
  streamChat?(question: Question, options?: CallOptions): AsyncIterable<unknown>;
  /** `POST files`. */
  upload?(file: File, purpose: string, options?: CallOptions): Promise<unknown>;
}

/** A server-sent event, parsed. */
export interface StreamEvent {
  /** What the event is. */
  readonly type: string;
  /** What else it holds. */
  readonly [field: string]: unknown;
}

/** The operations of a {@link Connection}. */
export type Operation = Exclude<keyof Connection, "baseURL" | "held">;

/** An implementation that cases can be run against. */
export interface Subject {
  /** What it is called in reports. */
  readonly name: string;
  /** What it cannot do, so that cases which need it are reported as not offered. */
  readonly lacks?: readonly Capability[] | undefined;
  /** Configures a client; throws where the subject refuses the options. */
  connect(options: SubjectOptions, fetch: typeof globalThis.fetch): Promise<Connection>;
  /** Mints a short-term key from AWS credentials; absent where it cannot. */
  mintKey?: ((options: SubjectOptions) => Promise<string>) | undefined;
}

/**
 * What a case may need of a subject or of the runtime, besides operations: input items and fields
 * of a question, the Runtime endpoint, retries, a time limit that covers the lookup of a
 * credential, that requests edited after they were signed are signed anew, that streams are signed
 * where options allow it; that requests go to the path that serves their model, failures are
 * explained, refused credentials and a wrong clock replaced, and silent answers ended; and a clock or
 * timers that can be replaced.
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
  | "signsAnew"
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
  /** The body, whole. */
  readonly body: Uint8Array;
  /** What `fetch` was told to do about redirects. */
  readonly redirect: string | undefined;
  /** What has arrived for it so far; absent where no answer came. */
  readonly answer?: ArrivedAnswer;
}

/** An answer as it arrives. */
export interface ArrivedAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** The headers. */
  readonly headers: Headers;
  /** As much of its text as was read, a long one cut. */
  text: string;
}

/** What surrounds a case while it runs. */
export interface Context {
  /** The root that gpt-5 models are served under: AWS's in replay, the local server's on the wire. */
  readonly baseURL: string;
  /** Sends to what answers the case: its cassette, the local server, itself, or next to nothing. */
  readonly fetch: typeof globalThis.fetch;
  /** What was sent through it. */
  readonly sent: readonly SentRequest[];
  /** A token that the exchanges accept. */
  readonly bearerToken: string;
  /** AWS keys that the exchanges accept. */
  readonly credentials: Credentials;
  /** The same, temporary ones. */
  readonly sessionCredentials: Credentials & { readonly sessionToken: string };
  /** The region that signatures must be scoped to. */
  readonly region: string;
}

/** What the local Mantle server pretends to be, and what it does wrong. */
export type Service =
  & Pick<MantleOptions, "endpoint" | "region">
  & Pick<MisbehaveOptions, "misbehaviours">;

/** Something that must hold of any client of Bedrock Mantle. */
export interface Case {
  /** A path: its topic, and what it is about. */
  readonly id: string;
  /** A claim in plain words. */
  readonly title: string;
  /** Where the claim comes from: a page, an issue, a vector. */
  readonly source: string;
  /** Set where only this project makes the rule, so that others are not blamed for it. */
  readonly own?: true;
  /** What the subject or the runtime must be able to do. */
  readonly needs: readonly Capability[];
  /** The cassette whose exchanges answer, or its id. */
  readonly cassette?: string | Cassette;
  /** What the local Mantle server is like that answers in place of a cassette. */
  readonly mantle?: Service;
  /**
   * Answers in place of a cassette and of any server. Requests are counted from one, and the case
   * begins with none; what it throws is a connection that failed.
   */
  answer?(request: SentRequest, count: number): Response | Promise<Response>;
  /** Set where it does little but wait, so that it waits beside others of its kind. */
  readonly waits?: true;
  /** Throws where the claim does not hold. */
  run(subject: Subject, context: Context): Promise<void>;
  /** Makes a subject break the claim; the case must then fail. */
  negative(subject: Subject): Subject;
}

/** What became of a case. */
export interface Outcome {
  /** The id of the case. */
  readonly id: string;
  /** Its claim. */
  readonly title: string;
  /** Where the claim comes from. */
  readonly source: string;
  /** Whether only this project makes the rule. */
  readonly own: boolean;
  /** What came of it. */
  readonly result: "pass" | "fail" | "not offered";
  /** Why it failed or was not offered. */
  readonly reason?: string;
  /** How long it took. */
  readonly milliseconds: number;
  /** What was sent and what came back, where it failed. */
  readonly sent: readonly ShownExchange[];
}

/** A request and its answer, fit to be shown: secrets are hidden, and long bodies cut. */
export interface ShownExchange {
  /** The HTTP method. */
  readonly method: string;
  /** Or its path, where it is one that is expected. */
  readonly url: string;
  /** The headers of the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body, as text. */
  readonly body?: string;
  /** What came back, where something did. */
  readonly answer?: {
    /** The HTTP status. */
    readonly status: number;
    /** The headers. */
    readonly headers: Readonly<Record<string, string>>;
    /** The body, as text. */
    readonly body?: string;
  };
}
