import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { kindOf } from "./error_kind.ts";
import type { Handler } from "./handler.ts";
import { discardBody, toRequest } from "./incoming.ts";
import { refuseRaw, send } from "./outgoing.ts";
import { invalid, Refusal, refused, serverFault } from "./refusal.ts";

export type { Handler } from "./handler.ts";

/** Where to listen. */
export interface ServeOptions {
  /** The port; 0 takes a free one. @default {0} */
  readonly port?: number;
  /** The loopback name or address. @default {"127.0.0.1"} */
  readonly hostname?: string;
}

/** A server that is listening. */
export interface Server {
  /** The origin it is reached at, without a final slash. */
  readonly url: string;
  /** Stops listening and ends every open connection. */
  close(): Promise<void>;
}

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/**
 * Serves a Web-standard handler over HTTP on loopback, alike on Deno, Node and Bun.
 *
 * What no `Request` can carry, or what two parsers might read differently, is refused before the
 * handler sees it.
 *
 * @throws {TypeError} If the host name is not a loopback one.
 */
export async function serve(handler: Handler, options: ServeOptions = {}): Promise<Server> {
  const { port = 0, hostname = "127.0.0.1" } = options;
  if (!LOOPBACK.includes(hostname)) {
    throw new TypeError(
      `Cannot listen on "${hostname}": The server is for this machine only, use one of ` +
        LOOPBACK.join(", "),
    );
  }
  let origin = "";
  // A request without Host is refused with the others, in the envelope
  const server = createServer({ requireHostHeader: false }, (incoming, outgoing) => {
    void exchange(handler, origin, incoming, outgoing);
  });
  server.on("connect", (_, socket) => {
    refuseRaw(socket, new Refusal(405, "method_not_allowed", "invalid_request_error", NO_TUNNEL));
  });
  server.on("clientError", (_, socket) => refuseRaw(socket, invalid("The request is malformed")));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  const bound = server.address() as AddressInfo;
  origin = `http://${hostname === "::1" ? "[::1]" : hostname}:${bound.port}`;
  return {
    url: origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const NO_TUNNEL = "CONNECT is not served: use this server as a base URL, not as an HTTP proxy";

async function exchange(
  handler: Handler,
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  let response: Response;
  try {
    response = await handler(toRequest(incoming, origin, gone.signal));
  } catch (error) {
    if (gone.signal.aborted || incoming.destroyed && !incoming.complete) return;
    if (!(error instanceof Refusal)) console.error(`Could not answer a request: ${kindOf(error)}`);
    response = refused(error instanceof Refusal ? error : serverFault());
  }
  await send(response, outgoing, gone.signal);
  // A client that is still sending would see a reset instead of its answer
  discardBody(incoming);
}
