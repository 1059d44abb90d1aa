import { createServer } from "node:http";
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { Connection } from "./connection.ts";
import { kindOf } from "./error_kind.ts";
import type { Handler } from "./handler.ts";
import { discardBody, toRequest } from "./incoming.ts";
import { send } from "./outgoing.ts";
import { hostCheck, readHostName } from "./own_hosts.ts";
import { invalid, Refusal, refused, serverFault } from "./refusal.ts";

export type { Handler } from "./handler.ts";

/** The address to listen on, and the names to accept. */
export interface ServeOptions {
  /** The port; 0 takes a free one. @default {0} */
  readonly port?: number;
  /** The loopback name or address. @default {"127.0.0.1"} */
  readonly hostname?: string;
  /**
   * The names to accept besides its own, as the `Host` header has them; one without a port is
   * good with any. @default {[]}
   */
  readonly allowHosts?: readonly string[];
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
 * A request that no `Request` can carry, that two parsers might read differently, or that is meant for
 * a host of another name, is refused before the handler sees it.
 *
 * @throws {TypeError} If the host name is not a loopback one, or an allowed name is none.
 */
export async function serve(handler: Handler, options: ServeOptions = {}): Promise<Server> {
  const { port = 0, hostname = "127.0.0.1" } = options;
  const allowed = (options.allowHosts ?? []).map(readHostName);
  if (!LOOPBACK.includes(hostname)) {
    throw new TypeError(
      `Cannot listen on "${hostname}": The server is for this machine only, use one of ` +
        LOOPBACK.join(", "),
    );
  }
  // A request without Host is refused with the others, in the envelope
  const server = createServer({ requireHostHeader: false });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  const bound = server.address() as AddressInfo;
  const url = `http://${hostname === "::1" ? "[::1]" : hostname}:${bound.port}`;
  attachHandler(server, { url, handler, checkHost: hostCheck(url, allowed) });
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A handler, and the host it is served on. */
interface Site {
  readonly url: string;
  readonly handler: Handler;
  readonly checkHost: (host: string) => void;
}

function attachHandler(server: HttpServer, site: Site): void {
  const connections = new WeakMap<Duplex, Connection>();
  const connectionOf = (socket: Duplex) => {
    const connection = connections.get(socket) ?? new Connection(socket);
    connections.set(socket, connection);
    return connection;
  };
  const take = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const connection = connectionOf(incoming.socket);
    void connection.run(
      incoming,
      outgoing,
      (gone) => respond(site, connection, incoming, outgoing, gone),
    );
  };
  server.on("request", take)
    .on("checkContinue", take)
    .on("checkExpectation", take)
    .on("connect", (_, socket) => {
      const refusal = new Refusal(405, "method_not_allowed", "invalid_request_error", NO_TUNNEL);
      void connectionOf(socket).refuse(refusal);
    })
    .on("clientError", (_, socket) => {
      void connectionOf(socket).refuse(invalid("The request is malformed"));
    });
}

const NO_TUNNEL = "CONNECT is not served: use this server as a base URL, not as an HTTP proxy";

async function respond(
  { url, handler, checkHost }: Site,
  connection: Connection,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  let isAwaited = incoming.headers.expect !== undefined;
  const invite = () => {
    if (isAwaited && !outgoing.headersSent) outgoing.writeContinue();
    isAwaited = false;
  };
  let request: Request | undefined;
  let response: Response;
  try {
    request = toRequest(incoming, url, gone, invite);
    checkHost(request.headers.get("host") ?? "");
    response = await handler(request);
  } catch (error) {
    if (gone.aborted) return;
    if (!(error instanceof Refusal)) {
      console.error(`Could not respond to a request: ${kindOf(error)}`);
    }
    response = refused(error instanceof Refusal ? error : serverFault());
    // Where it ends may be read in two
    if (!request) connection.closeAfter(outgoing);
  }
  await send(response, outgoing, gone);
  // A client that is still sending would see a reset instead of its response
  discardBody(incoming);
}
