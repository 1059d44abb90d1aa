import { connect } from "node:net";

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Writes text to a socket, as no client would, and reads one answer. */
export function rawExchange(origin: string, ...lines: string[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    let text = "";
    socket.setTimeout(5000, () => socket.destroy(new Error(`No answer in time: ${text}`)));
    socket.once("error", reject);
    socket.setEncoding("latin1").on("data", (chunk) => {
      text += chunk;
      const answer = parse(text);
      if (!answer) return;
      resolve(answer);
      socket.destroy();
    });
    socket.once("close", () => reject(new Error(`Closed without an answer: ${text}`)));
    socket.write(lines.join("\r\n"));
  });
}

/** An answer, once it has the length that it says. */
function parse(text: string): RawAnswer | undefined {
  const [head = "", body] = text.split(/\r\n\r\n([^]*)/);
  if (body === undefined) return undefined;
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  if (body.length < length) return undefined;
  return { status: Number(head.split(" ")[1]), head, body };
}

/** Sends one request with exactly these headers, and returns all that comes until the server closes. */
export function closedExchange(
  origin: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<RawAnswer> {
  const lines = Object.entries({
    Connection: "close",
    "Content-Length": `${body.length}`,
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    let text = "";
    socket.setTimeout(30_000, () => socket.destroy(new Error(`No answer in time: ${text}`)));
    socket.once("error", reject);
    socket.setEncoding("latin1").on("data", (chunk) => text += chunk);
    socket.once("close", () => {
      const [head = "", body = ""] = text.split(/\r\n\r\n([^]*)/);
      resolve({ status: Number(head.split(" ")[1]), head, body });
    });
    socket.write([`${target} HTTP/1.1`, ...lines, "", body].join("\r\n"));
  });
}
