import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { bare, withoutMarks } from "./bodies.ts";
import { follow, judgeResponses, type Judgment, type Message } from "./judge.ts";
import { type Reply, TARGET } from "./responses.ts";

/** A request as it reached the upstream. */
export interface Arrival {
  readonly message: Message;
  /** The reply, as llhttp reads it. */
  response: Judgment | undefined;
  /** True if only the end of the connection shows the end of the reply. */
  endsWithConnection: boolean;
  /** Other ways in which Bun may read it. */
  otherReadings: readonly Judgment[];
  reply: Reply | undefined;
  /** Resolves once it has its response or its connection is closed. */
  readonly over: Promise<void>;
}

/** The reply to what goes through the proxy only to see that it does. */
const PLAIN: Reply = {
  bytes: `HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Target: ${TARGET}\r\n\r\nplain`,
  early: false,
  then: "wait",
};

/** The service behind the proxy: reads with llhttp, and writes bytes as they are. */
export interface Upstream {
  readonly port: number;
  /** Tells what has come in since the last time that was not HTTP, or too late. */
  faults(): string[];
  /**
   * Replies to the requests to paths of a number in turn, with the last reply to all the rest.
   *
   * @param replies Without them, it stays silent.
   * @returns These requests, in the order that they come in.
   */
  expect(number: string, replies?: readonly Reply[]): readonly Arrival[];
  /** Takes no more requests of a number for any that were to come. */
  forget(number: string): void;
  /** Resolves at the next request, and when one has come to its end. */
  next(): Promise<void>;
  close(): void;
}

/** Ends a response with its last chunk, after whose size Bun does not look at what is there. */
function withoutTrailers(bytes: string): string {
  const last = [...bytes.matchAll(/\n0+(?:;[^\n]*)?\r\n/g)].at(-1);
  return last ? `${bytes.slice(0, last.index)}\n0\r\n\r\n` : bytes;
}

/** Starts the upstream on a free port. */
export async function startUpstream(): Promise<Upstream> {
  const faults: string[] = [];
  const open = new Map<string, { readonly arrivals: Arrival[]; readonly replies: Reply[] }>();
  let tell = Promise.withResolvers<void>();
  const changed = () => {
    tell.resolve();
    tell = Promise.withResolvers<void>();
  };

  function nextReply(number: string, target: string): Reply | undefined {
    if (/\/(?:last|beside)$/.test(target)) return PLAIN;
    const list = open.get(number)?.replies ?? [];
    return list.length > 1 ? list.shift() : list[0];
  }

  async function respond(arrival: Arrival, reply: Reply, socket: Socket): Promise<void> {
    const { method, target } = arrival.message;
    const text = reply.bytes.replaceAll(TARGET, target);
    const bytes = withoutMarks(text);
    const open = await judgeResponses(bytes, [method], false);
    const closed = await judgeResponses(bytes, [method], true);
    const then = reply.then === "wait" && open.open ? "end" : reply.then;
    arrival.response = then === "end" ? closed : open;
    arrival.endsWithConnection = open.open && !closed.open;
    arrival.otherReadings = await Promise.all(
      [bare(text), withoutTrailers(bytes), withoutTrailers(bare(text))]
        .map((each) => judgeResponses(each, [method], false)),
    );
    arrival.reply = reply;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.write(Buffer.from(bytes, "latin1"), () => resolve());
    if (then === "end") socket.end();
    await promise;
    if (then === "reset") socket.resetAndDestroy();
  }

  async function take(incoming: IncomingMessage): Promise<void> {
    const { socket } = incoming;
    const message = follow(incoming);
    const over = Promise.withResolvers<void>();
    const arrival: Arrival = {
      message,
      response: undefined,
      endsWithConnection: false,
      otherReadings: [],
      reply: undefined,
      over: over.promise,
    };
    const number = /\/(\d{7})\//.exec(message.target)?.[1] ?? "";
    const exchanges = open.get(number);
    if (exchanges) exchanges.arrivals.push(arrival);
    else faults.push(`${message.target} was asked for when all seemed to be over`);
    changed();
    incoming.once("close", changed);
    incoming.once("end", changed);
    socket.once("close", over.resolve);
    const reply = nextReply(number, message.target);
    if (!reply) return;
    const ended = new Promise<boolean>((resolve) => {
      incoming.once("end", () => resolve(true));
      incoming.once("close", () => resolve(incoming.complete));
    });
    if (reply.early || await ended) await respond(arrival, reply, socket);
    socket.off("close", over.resolve);
    over.resolve();
  }

  const server = createServer((incoming) => void take(incoming));
  server.on("connection", (socket) => socket.on("error", () => {}));
  server.on("clientError", ({ code, message }: Error & { code?: string }, socket) => {
    // A proxy that gives a request up leaves it open
    if (code?.startsWith("HPE_") && code !== "HPE_INVALID_EOF_STATE") faults.push(message);
    socket.destroy();
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    faults: () => faults.splice(0),
    expect(number, replies = []) {
      const exchanges = { arrivals: [], replies: [...replies] };
      open.set(number, exchanges);
      return exchanges.arrivals;
    },
    forget: (number) => void open.delete(number),
    next: () => tell.promise,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
