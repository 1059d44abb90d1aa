import type { Endpoint } from "./mantle/models.ts";

/**
 * One scenario of requests and answers, version 1 of the format.
 *
 * `cassettes/schema.json` says what every field means, and is what files are held against.
 */
export interface Cassette {
  /** Where the schema is, for editors. */
  readonly $schema?: string;
  /** The version of the format. */
  readonly version: 1;
  /** What happens, as a claim in plain words. */
  readonly title: string;
  /** Where its content comes from. */
  readonly source: CassetteSource;
  /** The Region that signatures must be scoped to. */
  readonly region: string;
  /** The family of the endpoint, which decides the service that signatures must be scoped to. */
  readonly endpoint: Endpoint;
  /** In the order in which they must happen. */
  readonly exchanges: readonly CassetteExchange[];
}

/** Where the content of a cassette comes from. */
export interface CassetteSource {
  /**
   * `recorded` from the service as it stands, `observed` by somebody and written down by hand, or
   * `synthetic`: made up, as nobody has published it.
   */
  readonly kind: "recorded" | "observed" | "synthetic";
  /** Who recorded or observed it and where that can be read, or why it is made up. */
  readonly reference: string;
  /** When, as `YYYY-MM` or `YYYY-MM-DD`, or `unknown`. */
  readonly date: string;
  /** What of it nobody has observed, or what was left out. */
  readonly note?: string;
}

/** A request and its answer. */
export interface CassetteExchange {
  /** What must be asked. */
  readonly request: ExpectedRequest;
  /** What is answered. */
  readonly response: PlayedResponse;
}

/** A header's name and value. */
export type Header = readonly [name: string, value: string];

/** What a request must be like. What is not listed may be anything. */
export interface ExpectedRequest {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "DELETE" | "PUT" | "PATCH" | "HEAD";
  /** Path and query. */
  readonly path: string;
  /** Headers that must be there, with these values. */
  readonly headers?: readonly Header[];
  /** Names of headers that must not be there. */
  readonly forbidden?: readonly string[];
  /** Set where the service refuses the authentication: only its form is checked then. */
  readonly unauthenticated?: true;
  /** What the body must hold. */
  readonly body?: ExpectedBody;
}

/** What a request's body must hold; the fields of `json` and `form` are those that matter. */
export type ExpectedBody = Content | { readonly form: Readonly<Record<string, string>> };

/** What is answered. */
export type PlayedResponse = Head & (WholeBody | StreamedBody);

/** A status and headers. */
export interface Head {
  /** The HTTP status. */
  readonly status: number;
  /** The headers, in their order. */
  readonly headers: readonly Header[];
}

/** A body that comes at once, or none. */
export interface WholeBody {
  /** The body; absent where there is none. */
  readonly body?: Content;
  /** Only of a body in pieces. */
  readonly chunks?: never;
}

/** A body that comes in pieces. */
export interface StreamedBody {
  /** The pieces, in their order. */
  readonly chunks: readonly Chunk[];
  /** Whether the body ends well or the connection breaks. Left out, it ends well. */
  readonly end?: "close" | "abort";
  /** Only of a body at once. */
  readonly body?: never;
}

/** One piece of a streamed body; its borders are kept. */
export type Chunk = { readonly afterMs: number } & Bytes;

/** A body in exactly one form. */
export type Content = { readonly json: unknown } | Bytes;

/** Bytes as UTF-8 text, or as base64 where they are not text. */
export type Bytes = { readonly text: string } | { readonly base64: string };

/** The bytes that a cassette writes down. */
export function bytesOf(content: Content): Uint8Array<ArrayBuffer> {
  if ("base64" in content) {
    return Uint8Array.from(atob(content.base64), (character) => character.charCodeAt(0));
  }
  return new TextEncoder().encode("text" in content ? content.text : JSON.stringify(content.json));
}
