import type { Endpoint } from "./mantle/models.ts";

/**
 * A scenario of requests and responses, in version 1 of the format.
 *
 * `cassettes/schema.json` describes every field, and validates the files.
 */
export interface Cassette {
  /** The path of the schema, for editors. */
  readonly $schema?: string;
  /** The version of the format. */
  readonly version: 1;
  /** The scenario, as a claim in plain words. */
  readonly title: string;
  /** The source of its content. */
  readonly source: CassetteSource;
  /** The Region that signatures must be scoped to. */
  readonly region: string;
  /** The family of the endpoint, which decides the service that signatures must be scoped to. */
  readonly endpoint: Endpoint;
  /** The exchanges, in the order in which they must happen. */
  readonly exchanges: readonly CassetteExchange[];
}

/** The source of a cassette's content. */
export interface CassetteSource {
  /**
   * `recorded` from the service, `observed` by somebody and written down by hand, or `synthetic`:
   * made up, as nobody has published it.
   */
  readonly kind: "recorded" | "observed" | "synthetic";
  /** A citation of who recorded or observed it, or the reason why it is made up. */
  readonly reference: string;
  /** The date as `YYYY-MM` or `YYYY-MM-DD`, or `unknown`. */
  readonly date: string;
  /** The parts that nobody has observed, or that were left out. */
  readonly note?: string;
}

/** A request and its response. */
export interface CassetteExchange {
  /** The request that must be made. */
  readonly request: ExpectedRequest;
  /** The response to it. */
  readonly response: PlayedResponse;
}

/** A header's name and value. */
export type Header = readonly [name: string, value: string];

/** The expectations of a request. Everything that is not listed may be anything. */
export interface ExpectedRequest {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "DELETE" | "PUT" | "PATCH" | "HEAD";
  /** Path and query. */
  readonly path: string;
  /** Headers that must be present with these values. */
  readonly headers?: readonly Header[];
  /** Names of headers that must be absent. */
  readonly forbidden?: readonly string[];
  /** Set if the service refuses the authentication: only its form is checked then. */
  readonly unauthenticated?: true;
  /** The content that the body must have. */
  readonly body?: ExpectedBody;
}

/** The content of a request's body; of `json` and `form`, the fields that must be present. */
export type ExpectedBody = Content | { readonly form: Readonly<Record<string, string>> };

/** A response. */
export type PlayedResponse = Head & (WholeBody | StreamedBody);

/** A status and headers. */
export interface Head {
  /** The HTTP status. */
  readonly status: number;
  /** The headers, in order. */
  readonly headers: readonly Header[];
}

/** A body in one piece, or none. */
export interface WholeBody {
  /** The body, if there is one. */
  readonly body?: Content;
  /** Never set: these are for a body in pieces. */
  readonly chunks?: never;
}

/** A body in pieces. */
export interface StreamedBody {
  /** The pieces, in order. */
  readonly chunks: readonly Chunk[];
  /** The end of the stream: the body ends, or the connection breaks. @default {"close"} */
  readonly end?: "close" | "abort";
  /** Never set: this is for a body in one piece. */
  readonly body?: never;
}

/** A piece of a streamed body, which is sent as one chunk. */
export type Chunk = { readonly afterMs: number } & Bytes;

/** The content of a body. */
export type Content = { readonly json: unknown } | Bytes;

/** Bytes as UTF-8 text, or as base64 if they are not text. */
export type Bytes = { readonly text: string } | { readonly base64: string };

/** Encodes the content of a cassette. */
export function bytesOf(content: Content): Uint8Array<ArrayBuffer> {
  if ("base64" in content) {
    return Uint8Array.from(atob(content.base64), (character) => character.charCodeAt(0));
  }
  return new TextEncoder().encode("text" in content ? content.text : JSON.stringify(content.json));
}
