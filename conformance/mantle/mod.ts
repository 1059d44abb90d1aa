/**
 * A local server that behaves as Amazon Bedrock Mantle is known to, to try clients against without
 * an AWS account.
 *
 * It is a handler from a `Request` to a `Response`, so that a test needs no socket. Whatever it lets
 * in has a token that it knows or a signature that `@smithy/signature-v4` or `aws4fetch` makes too.
 *
 * @example In a test
 * ```ts
 * import assert from "node:assert/strict";
 * import OpenAI from "openai";
 * import { bedrock } from "@mantle/bedrock";
 * import { EXAMPLE_CREDENTIALS, mantle } from "@mantle/bedrock/mantle";
 *
 * const handler = mantle({ region: "us-west-2" });
 * const provider = bedrock({ ...EXAMPLE_CREDENTIALS, region: "us-west-2" });
 * const client = new OpenAI({ provider, fetch: (input, init) => handler(new Request(input, init)) });
 * const response = await client.responses.create({ model: "openai.gpt-5.5", input: "Say hello!" });
 * assert.match(response.output_text, /Say hello!/);
 * ```
 *
 * @module
 */
import { preflight, refused, withCommonHeaders } from "./http_responses.ts";
import { authenticateHead } from "./authentication.ts";
import type { Authentication } from "./authentication.ts";
import { clockFor } from "./clock_shift.ts";
import { Refusal } from "./errors.ts";
import { headOf, receive, type Received, type World } from "./exchange.ts";
import { base32 } from "./ids.ts";
import type { KnownCredential } from "./known_credential.ts";
import type { Endpoint } from "./models.ts";
import { respond } from "./routes.ts";

export type { Authentication } from "./authentication.ts";
export type { Handler } from "../../loopback/handler.ts";
export type { KnownCredential } from "./known_credential.ts";
export { misbehave, MISBEHAVE_HEADER } from "./misbehaviour.ts";
export type { MisbehaveOptions } from "./misbehaviour.ts";
export { parseMisbehaviours } from "./misbehaviour_words.ts";
export type { Misbehaviour } from "./misbehaviour_words.ts";
export type { Endpoint } from "./models.ts";

/** A bearer token the server accepts unless told otherwise; plainly not a real one. */
export const EXAMPLE_BEARER_TOKEN = "example-bearer-token";

/** The key pair of AWS's documentation, accepted unless told otherwise. */
export const EXAMPLE_CREDENTIALS: KnownCredential = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

/** A request as the server saw it. */
export interface ReceivedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The URL, with its query. */
  readonly url: string;
  /** The headers, credentials included. */
  readonly headers: Headers;
  /** The body, read to its end; empty where the headers alone were refused, and for a preflight. */
  readonly body: Uint8Array;
  /** The way the request authenticated; absent if it did not. */
  readonly auth: Authentication | undefined;
}

/** The service to behave as, and the credentials to accept. */
export interface MantleOptions {
  /** The endpoint family to behave as. @default {"mantle"} */
  readonly endpoint?: Endpoint;
  /** The Region that signatures and short-term API keys must be scoped to. @default {"us-west-2"} */
  readonly region?: string;
  /** The bearer tokens to accept. @default {[EXAMPLE_BEARER_TOKEN]} */
  readonly bearerTokens?: readonly string[];
  /** The credentials to accept signatures and short-term API keys of. @default {[EXAMPLE_CREDENTIALS]} */
  readonly credentials?: readonly KnownCredential[];
  /** The clock, in milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
  /** The pause between the events of a stream, in milliseconds. @default {0} */
  readonly chunkDelayMs?: number;
  /** Told of every request, let in or not, before it is answered. */
  readonly observe?: (received: ReceivedRequest) => void;
}

/**
 * Makes a Web-standard handler that answers as Mantle, or as the OpenAI routes of Bedrock Runtime.
 *
 * Each handler has a memory of its own for responses and files. It answers what it refuses, in the
 * envelope of OpenAI, and reads no body where the headers alone are refused.
 *
 * @param options What it pretends to be, and whom it lets in.
 * @returns The handler.
 *
 * @example Served over HTTP
 * ```ts
 * import assert from "node:assert/strict";
 * import { EXAMPLE_BEARER_TOKEN, mantle } from "@mantle/bedrock/mantle";
 *
 * const server = Deno.serve({ port: 0, hostname: "127.0.0.1" }, mantle());
 * const answer = await fetch(`http://127.0.0.1:${server.addr.port}/v1/models`, {
 *   headers: { authorization: `Bearer ${EXAMPLE_BEARER_TOKEN}` },
 * });
 * assert.equal((await answer.json()).object, "list");
 * await server.shutdown();
 * ```
 */
export function mantle(options: MantleOptions = {}): (request: Request) => Promise<Response> {
  const { endpoint = "mantle", now = Date.now, chunkDelayMs = 0, observe } = options;
  const admission = {
    endpoint,
    region: options.region ?? "us-west-2",
    bearerTokens: options.bearerTokens ?? [EXAMPLE_BEARER_TOKEN],
    credentials: options.credentials ?? [EXAMPLE_CREDENTIALS],
  };
  const memory = { endpoint, chunkDelayMs, responses: new Map(), files: new Map() };

  return async (request) => {
    const clock = { now: clockFor(request, now) };
    const world: World = { ...memory, ...clock };
    let received: Received = { ...headOf(request), body: new Uint8Array() };
    let auth: Authentication | undefined;
    const tell = () =>
      observe?.({ ...received, url: request.url, headers: new Headers(request.headers), auth });
    const answer = await answerOrRefusal(async () => {
      // A browser sends no credentials with its preflight.
      const isPreflight = received.method === "OPTIONS";
      try {
        if (!isPreflight) {
          const head = await authenticateHead(received, { ...admission, ...clock });
          received = await receive(request);
          await head.checkBody(received);
          auth = head.auth;
        }
      } finally {
        tell();
      }
      return isPreflight ? preflight(received.headers) : await respond(received, world);
    });
    return withCommonHeaders(answer, `req_${base32()}`);
  };
}

async function answerOrRefusal(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}
