import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { refuseRaw } from "./outgoing.ts";
import type { Refusal } from "./refusal.ts";

/** The most requests of a connection that wait; the connection is closed after them. */
const MOST_WAITING = 32;

/** Responds to one request; `gone` is aborted when nobody waits for that any more. */
export type Exchange = (gone: AbortSignal) => Promise<void>;

interface Running {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly gone: AbortController;
}

/**
 * The exchanges of one connection: they take place one after the other, so that a response never
 * overtakes another and pipelined requests keep their order, and none outlives the connection.
 *
 * That its client has left shows only while the connection is read. So a request with a body that
 * comes while another one is being responded to is not served: the connection is closed instead,
 * which clients that pipeline must expect (RFC 9112, section 9.3.2).
 */
export class Connection {
  readonly #socket: Duplex;
  readonly #running = new Set<Running>();
  #latest: Running | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** Set once no further request is served. */
  #isOver = false;
  #closesItself = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.once("close", () => this.#end());
    // After CONNECT, Node no longer listens, and an error that nobody listens for ends the process
    socket.on("error", () => {});
  }

  /** Runs an exchange once those before it have ended. */
  async run(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    exchange: Exchange,
  ): Promise<void> {
    // What follows the last request is no request, or nobody waits for it
    if (this.#isOver) return void incoming.resume();
    const { size } = this.#running;
    if (size > 0 && hasBody(incoming) || size >= MOST_WAITING) return this.#stop(incoming);
    // Whether the bytes after it are still HTTP, not all parsers agree on
    const isLast = incoming.headers.upgrade !== undefined;
    if (isLast) this.#isOver = true;
    const running = { incoming, outgoing, gone: new AbortController() };
    this.#running.add(running);
    this.#latest = running;
    outgoing.once("close", () => running.gone.abort());
    incoming.once("close", () => incoming.complete || running.gone.abort());
    const before = this.#turn;
    const serve = async () => {
      await before;
      if (this.#closesItself || running.gone.signal.aborted) return;
      if (isLast) this.closeAfter(outgoing);
      await exchange(running.gone.signal);
    };
    const served = serve().finally(() => this.#running.delete(running));
    this.#turn = served.catch(() => {});
    await served;
  }

  /** Makes a response the last one of the connection, also where others wait for their turn. */
  closeAfter(outgoing: ServerResponse): void {
    this.#isOver = true;
    this.#closesItself = true;
    outgoing.setHeader("connection", "close");
  }

  /** Refuses what is no request, after the responses to the requests before it. */
  async refuse(refusal: Refusal): Promise<void> {
    // Who has left in the midst of a request waits for nothing
    if (this.#socket.readableEnded) return void this.#socket.destroy();
    // Nobody else reads on, and so sees the client leave
    this.#socket.once("end", () => this.#socket.destroy()).resume();
    if (this.#isOver) return;
    this.#isOver = true;
    const latest = this.#latest;
    const isWithin = latest?.incoming.complete === false;
    if (isWithin) latest.gone.abort();
    await this.#turn;
    if (this.#closesItself) return;
    // A request has one response, so that where that has begun, only its end can be left out
    if (isWithin && latest.outgoing.headersSent) this.#socket.destroy();
    else refuseRaw(this.#socket, refusal);
  }

  #stop(unserved: IncomingMessage): void {
    this.#isOver = true;
    unserved.resume();
    void this.#turn.then(() => this.#socket.end());
  }

  #end(): void {
    this.#isOver = true;
    for (const { gone } of this.#running) gone.abort();
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
}
