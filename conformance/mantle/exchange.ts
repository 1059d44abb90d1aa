import type { JsonObject } from "./json_body.ts";
import type { Endpoint, Prefix } from "./models.ts";

/** A request as it arrived, read to its end. */
export interface Received {
  /** The HTTP method. */
  readonly method: string;
  /** The URL, with its query. */
  readonly url: URL;
  /** The headers, credentials included. */
  readonly headers: Headers;
  /** The body. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The part of a request that arrives before its body. */
export type ReceivedHead = Omit<Received, "body">;

/** Returns what is known of a request before its body is read. */
export function headOf({ method, url, headers }: Request): ReceivedHead {
  return { method, url: new URL(url), headers };
}

/** Reads a request in full. */
export async function receive(request: Request): Promise<Received> {
  const body = new Uint8Array(await request.arrayBuffer());
  return { ...headOf(request), body };
}

/** A response kept for retrieval and for the turns that follow it. */
export interface StoredResponse {
  readonly object: JsonObject;
  readonly said: readonly string[];
}

/** An uploaded file. */
export interface StoredFile {
  readonly object: JsonObject;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** The state that a server keeps between requests. */
export interface World {
  readonly endpoint: Endpoint;
  readonly now: () => number;
  readonly chunkDelayMs: number;
  readonly responses: Map<string, StoredResponse>;
  readonly files: Map<string, StoredFile>;
}

/** One authenticated request on a known route. */
export interface Exchange {
  readonly received: Received;
  readonly world: World;
  readonly prefix: Prefix;
  readonly id: string;
}

/** Answers the requests of one route. */
export type Operation = (exchange: Exchange) => Response | Promise<Response>;
