/**
 * The OpenAI API for tools that know only a base URL and a key, forwarded authenticated.
 *
 * @module
 */
import { kindOf } from "../loopback/error_kind.ts";
import type { Handler } from "../loopback/handler.ts";
import { Refusal, refused } from "../loopback/refusal.ts";
import { discard } from "../src/answer.ts";
import type { Fetch } from "../src/fetch.ts";
import { assertAdmitted } from "./admission.ts";
import { bufferedWithin } from "./buffered.ts";
import { decodedHeaders } from "./encoding.ts";
import { answerHeaders, forwardedHeaders } from "./headers.ts";
import { upstreamUrl } from "./paths.ts";

/** Where requests go, and who may send them. */
export interface ProxyOptions {
  /** The base URL that requests are forwarded to; `roots` are paths on its origin. */
  readonly url: string;
  /** The paths that are forwarded, with all below them. */
  readonly roots: readonly string[];
  /** Authenticates and sends. */
  readonly fetch: Fetch;
  /** The key that a request must bring. */
  readonly key: string;
  /** How many bytes of a body are held to sign it; without a limit, bodies are streamed. */
  readonly bufferLimit?: number | undefined;
}

/** Makes a handler that forwards requests, and answers what it refuses in the OpenAI envelope. */
export function proxy(options: ProxyOptions): Handler {
  return async (request) => {
    try {
      assertAdmitted(request, options.key);
      return await forward(request, options);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  };
}

async function forward(request: Request, options: ProxyOptions): Promise<Response> {
  const { method, signal } = request;
  const target = upstreamUrl(request, options);
  const headers = forwardedHeaders(request.headers);
  const outgoing = await outgoingBody(request, headers, options.bufferLimit);
  const answer = await options.fetch(target, { method, headers, signal, ...outgoing })
    .catch((error: unknown) => {
      if (signal.aborted) throw error;
      const { origin } = new URL(options.url);
      console.error(`Could not reach ${origin}: ${kindOf(error)}`);
      throw unreachable(origin);
    });
  const { status, body } = answer;
  if (status > 599) {
    discard(answer);
    throw unpassable(status);
  }
  const decoded = decodedHeaders(answer, headers.get("accept-encoding")!);
  return new Response(body, { status, headers: answerHeaders(decoded) });
}

async function outgoingBody(request: Request, headers: Headers, limit: number | undefined) {
  const { body } = request;
  if (!body) return {};
  if (limit !== undefined) return { body: await bufferedWithin(limit, request) };
  const length = request.headers.get("content-length");
  if (length !== null) headers.set("content-length", length);
  return { body, duplex: "half" };
}

/** Nobody can make a `Response` of such a status. */
function unpassable(status: number): Refusal {
  const message = `The service answered ${status}, which is no status of HTTP`;
  return new Refusal(502, "upstream_invalid", "server_error", message);
}

/** What a network says can hold anything. */
function unreachable(origin: string): Refusal {
  const message = `Could not reach ${origin}: check the network and the base URL`;
  return new Refusal(502, "upstream_unreachable", "server_error", message);
}
