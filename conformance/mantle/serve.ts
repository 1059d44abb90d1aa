import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { refused } from "./answers.ts";
import { invalid, Refusal, serverFault } from "./errors.ts";
import type { Handler } from "./handler.ts";

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
  const server = createServer((incoming, outgoing) => {
    void exchange(handler, origin, incoming, outgoing);
  });
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
    response = await handler(await toRequest(incoming, origin, gone.signal));
  } catch (error) {
    if (gone.signal.aborted || incoming.destroyed && !incoming.complete) return;
    if (!(error instanceof Refusal)) console.error(error);
    response = refused(error instanceof Refusal ? error : serverFault());
  }
  await send(response, outgoing, gone.signal);
}

/**
 * Bridges what Node received to a `Request`, header by header, Host included.
 *
 * A `Request` cannot carry everything: its URL resolves dot segments, its headers join lines of one
 * name, and with GET it has no body, which is refused here rather than lost.
 */
async function toRequest(
  incoming: IncomingMessage,
  origin: string,
  signal: AbortSignal,
): Promise<Request> {
  const { method = "GET", url: target = "", rawHeaders } = incoming;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = await new Blob(chunks).arrayBuffer();
  const bodiless = method === "GET" || method === "HEAD";
  // Assumed: the service might well read such a body.
  if (bodiless && body.byteLength > 0) throw invalid(`A ${method} request cannot have a body`);
  if (!target.startsWith("/")) throw invalid("The request target must be a path");
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  return new Request(origin + target, { method, headers, body: bodiless ? null : body, signal });
}

async function send(
  response: Response,
  outgoing: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const reader = response.body?.getReader();
  const cancel = () => void reader?.cancel().catch(() => {});
  if (gone.aborted) return cancel();
  gone.addEventListener("abort", cancel, { once: true });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  try {
    // Without this, the headers of a slow stream would wait for its first chunk.
    if (reader) outgoing.flushHeaders();
    for (;;) {
      const { done, value } = await reader?.read() ?? { done: true };
      if (done || gone.aborted) break;
      // Should the client leave meanwhile, this waits for nothing, and nothing is left to do.
      if (!outgoing.write(value)) await new Promise((resolve) => outgoing.once("drain", resolve));
    }
    outgoing.end();
  } catch {
    // The head is sent, so a stream that fails can only be cut off.
    outgoing.destroy();
  }
}
