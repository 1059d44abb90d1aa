import type { IncomingMessage } from "node:http";

import { invalid, Refusal } from "./refusal.ts";

/**
 * Bridges what Node received to a `Request`, header by header, Host included; its body streams.
 *
 * A `Request` cannot carry everything: its URL resolves dot segments, its headers join lines of one
 * name, and with GET it has no body, which is refused here rather than lost.
 *
 * @throws {Refusal} If it cannot be one, or is framed in a way that may be read in two.
 */
export function toRequest(
  incoming: IncomingMessage,
  origin: string,
  signal: AbortSignal,
): Request {
  const { method = "GET", url: target = "", rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  if (/^(?:CONNECT|TRACE|TRACK)$/.test(method)) {
    throw new Refusal(405, "method_not_allowed", "invalid_request_error", `No ${method} here`);
  }
  if (!target.startsWith("/")) throw invalid("The request target must be a path");
  if (!/^[^,]+$/.test(headers.get("host") ?? "")) {
    throw invalid("The request must have one Host header");
  }
  const body = hasBody(headers) ? bodyOf(incoming) : null;
  // Assumed: the service might well read such a body.
  if (body && (method === "GET" || method === "HEAD")) {
    throw invalid(`A ${method} request cannot have a body`);
  }
  const streaming: RequestInit & { duplex: "half" } = { body, duplex: "half" };
  return new Request(origin + target, { method, headers, signal, ...streaming });
}

/** Lets the rest of a body that nobody wants pass by. */
export function discardBody(incoming: IncomingMessage): void {
  if (!incoming.complete) incoming.removeAllListeners("data").resume();
}

/** Parsers differ in how they read anything but one length, or chunks alone. */
function hasBody(headers: Headers): boolean {
  const length = headers.get("content-length");
  const coding = headers.get("transfer-encoding");
  if (length !== null && coding !== null) {
    throw invalid("The request must not have both Content-Length and Transfer-Encoding");
  }
  if (length !== null && !/^\d+$/.test(length)) throw invalid("Content-Length must be one number");
  if (coding !== null && coding.toLowerCase() !== "chunked") {
    throw invalid("Transfer-Encoding must be chunked alone");
  }
  return coding !== null || Number(length) > 0;
}

/** Reads from the socket only what is asked for. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  // Bun may deliver a chunk to a stream that is over, which cannot take it
  let over = false;
  return new ReadableStream({
    start(controller) {
      incoming.on("data", (chunk) => {
        if (over) return;
        incoming.pause();
        controller.enqueue(chunk);
      });
      incoming.pause();
      incoming.once("end", () => {
        if (!over) controller.close();
        over = true;
      });
      incoming.once("close", () => {
        if (over || incoming.complete) return;
        over = true;
        controller.error(new Error("The client left while it was sending"));
      });
      // "close" follows
      incoming.once("error", () => {});
    },
    pull: () => void incoming.resume(),
    cancel() {
      over = true;
      discardBody(incoming);
    },
  }, { highWaterMark: 0 });
}
