/**
 * The OpenAI API for tools that know only a base URL and a key, forwarded authenticated.
 *
 * @module
 */
import { kindOf } from "../loopback/error_kind.ts";
import type { Handler } from "../loopback/handler.ts";
import { Refusal, refused } from "../loopback/refusal.ts";
import { cancelBody } from "../src/exchange/response.ts";
import type { Fetch } from "../src/options.ts";
import { assertAdmitted } from "./admission.ts";
import { decodedHeaders } from "./encoding.ts";
import { forwardedHeaders, responseHeaders } from "./headers.ts";
import { HeldBodies } from "./held_bodies.ts";
import { upstreamUrl } from "./paths.ts";

/** The service that requests go to, and the key that lets them in. */
export interface ProxyOptions {
  /** The base URL that requests are forwarded to; `roots` are paths on its origin. */
  readonly url: string;
  /** The paths that are forwarded, with all below them. */
  readonly roots: readonly string[];
  /** Authenticates and sends. */
  readonly fetch: Fetch;
  /** The key that a request must bring. */
  readonly key: string;
  /** The most bytes of a body that are held to sign it; without a limit, bodies are streamed. */
  readonly bufferLimit?: number | undefined;
  /** The most bytes of all bodies that are held at once to sign them. @default {268_435_456} */
  readonly totalBufferLimit?: number;
}

const TOTAL_BUFFER_LIMIT = 256 * 1024 * 1024;

/** Makes a handler that forwards requests, and responds to what it refuses in the OpenAI envelope. */
export function proxy(options: ProxyOptions): Handler {
  const { key, bufferLimit: each, totalBufferLimit: all = TOTAL_BUFFER_LIMIT } = options;
  const held = each === undefined ? undefined : new HeldBodies({ each, all });
  return async (request) => {
    try {
      assertAdmitted(request, key);
      return await forward(request, options, held);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  };
}

async function forward(
  request: Request,
  options: ProxyOptions,
  held: HeldBodies | undefined,
): Promise<Response> {
  const { method, signal } = request;
  const target = upstreamUrl(request, options);
  const headers = forwardedHeaders(request.headers);
  const send = (body: StreamedInit) =>
    options.fetch(target, { method, headers, signal, ...body }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      const { origin } = new URL(options.url);
      console.error(`Could not reach ${origin}: ${kindOf(error)}`);
      throw unreachable(origin);
    });
  const response = held && request.body
    ? await held.hold(request, (body) => send({ body }))
    : await send(streamed(request, headers));
  const { status, body } = response;
  if (status < 200 || status > 599) {
    cancelBody(response);
    throw unpassable(status);
  }
  const decoded = decodedHeaders(response, headers.get("accept-encoding")!);
  const hasBody = !BODILESS.includes(status);
  if (!hasBody) cancelBody(response);
  return new Response(hasBody ? body : null, { status, headers: responseHeaders(decoded) });
}

type StreamedInit = Pick<RequestInit, "body"> & { readonly duplex?: "half" };

/** Sends a body on while it arrives, with the length that the server holds it to. */
function streamed({ body, headers: received }: Request, headers: Headers): StreamedInit {
  if (!body) return {};
  const length = received.get("content-length");
  if (length !== null) headers.set("content-length", length);
  return { body, duplex: "half" };
}

/** Statuses of which no `Response` with a body can be made. */
const BODILESS = [204, 205, 304];

/** Such a status ends no exchange, or is none of HTTP: 101 would make another protocol of it. */
function unpassable(status: number): Refusal {
  const message = `The service returned ${status}, which is not the status of a final response`;
  return new Refusal(502, "upstream_invalid", "server_error", message);
}

/** Refuses without the message of the network, which can hold anything. */
function unreachable(origin: string): Refusal {
  const message = `Could not reach ${origin}: check the network and the base URL`;
  return new Refusal(502, "upstream_unreachable", "server_error", message);
}
