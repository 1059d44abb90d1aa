import { Buffer } from "node:buffer";
import { createServer, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";

/** A message as llhttp reads it, which Node's `http` is built on. */
export interface Message {
  /** The method, of a request. */
  readonly method: string;
  /** The target, of a request. */
  readonly target: string;
  /** The status, of a response. */
  readonly status: number;
  readonly version: string;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** True if its last byte has arrived. */
  readonly complete: boolean;
}

/** The messages in some bytes; only the last one can be incomplete. */
export interface Judgment {
  readonly messages: readonly Message[];
  /** The error of the parser where it met what is not HTTP. */
  readonly fault: string | undefined;
  /** True if the bytes end within a message. */
  readonly open: boolean;
}

/** Returns the values of a header, one for each line. */
export function valuesOf({ rawHeaders }: Message, name: string): string[] {
  return rawHeaders.filter((_, index) =>
    index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name
  );
}

/** Reads what a client has sent, up to where it closes the connection. */
export async function judgeRequests(bytes: string): Promise<Judgment> {
  const messages: Message[] = [];
  let fault: string | undefined;
  let open = false;
  const wire = new Wire();
  const end = () => void turn().then(() => wire.destroy());
  const take = (incoming: IncomingMessage) => void messages.push(follow(incoming));
  const server = createServer({ requireHostHeader: false })
    .on("request", take)
    .on("checkContinue", take)
    .on("checkExpectation", take)
    .on("connect", (incoming) => {
      take(incoming);
      end();
    })
    .on("clientError", ({ code, message }: Error & { code?: string }) => {
      if (code === "HPE_INVALID_EOF_STATE") open = true;
      else if (code !== "ECONNRESET") fault = code ?? message;
      end();
    });
  server.emit("connection", wire);
  wire.receive(bytes);
  wire.push(null);
  await wire.over;
  return { messages, fault, open: open || messages.at(-1)?.complete === false };
}

/**
 * Reads what a server has sent to requests of these methods.
 *
 * @param closed Whether the server has closed the connection after it.
 */
export async function judgeResponses(
  bytes: string,
  methods: readonly string[],
  closed: boolean,
): Promise<Judgment> {
  const messages: Message[] = [];
  // A response begins nowhere else, though not everything that looks like this begins one
  const pieces = bytes.split(/(?=HTTP\/)/);
  while (pieces.length > 0) {
    const method = methods[messages.length];
    if (method === undefined) return { messages, fault: "a response too many", open: false };
    const taken: string[] = [];
    let read: Awaited<ReturnType<typeof readResponse>>;
    do {
      taken.push(pieces.shift()!);
      read = await readResponse(taken, method, closed && pieces.length === 0);
    } while (pieces.length > 0 && !read.message?.complete && read.fault === undefined);
    const { message, fault } = read;
    if (message) messages.push(message);
    if (!message?.complete) return { messages, fault, open: true };
    const shorter = [...taken.slice(0, -1), taken.at(-1)!.slice(0, -1)];
    if ((await readResponse(shorter, method, false)).message?.complete) {
      return { messages, fault: "bytes after a response", open: false };
    }
  }
  return { messages, fault: undefined, open: false };
}

async function readResponse(pieces: readonly string[], method: string, closed: boolean) {
  let message: Message | undefined;
  let fault: string | undefined;
  const wire = new Wire();
  const asked = request({ method, createConnection: () => wire as never })
    .on("response", (incoming) => message = follow(incoming))
    .on("upgrade", (incoming) => message = follow(incoming))
    .on("error", ({ code, message }: Error & { code?: string }) => {
      if (code !== "ECONNRESET") fault = code ?? message;
    });
  asked.end();
  await turn();
  wire.receive(pieces.join(""));
  if (closed) {
    await turn();
    if (!message?.complete) wire.push(null);
  }
  await turn();
  // As it is now, as the end of the wire may end it
  const read = { message: message && { ...message }, fault };
  wire.destroy();
  await wire.over;
  return read;
}

/** Keeps what comes of a message. */
export function follow(incoming: IncomingMessage): Message {
  let body = "";
  incoming.setEncoding("latin1");
  incoming.on("data", (chunk) => body += chunk);
  incoming.on("error", () => {});
  return {
    method: incoming.method ?? "",
    target: incoming.url ?? "",
    status: incoming.statusCode ?? 0,
    version: incoming.httpVersion,
    rawHeaders: incoming.rawHeaders,
    get body() {
      return body;
    },
    get complete() {
      return incoming.complete;
    },
  };
}

/** The parser's end of a connection; what the parser writes goes nowhere. */
class Wire extends Duplex {
  readonly over: Promise<void> = new Promise((resolve) => this.once("close", () => resolve()));

  constructor() {
    super({ read() {}, write: (_chunk, _encoding, done) => done() });
    this.on("error", () => {});
  }

  receive(bytes: string): void {
    if (bytes !== "") this.push(Buffer.from(bytes, "latin1"));
  }

  // What Node's `http` asks of sockets
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
