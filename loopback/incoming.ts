import type { IncomingMessage } from "node:http";

import { invalid, Refusal } from "./refusal.ts";

/** Runtimes leave out headers beyond a number of their own, Deno without an error. */
const MOST_HEADERS = 100;

/**
 * Bridges what Node received to a `Request`, header by header, Host included; its body streams.
 *
 * A `Request` cannot carry everything: its URL resolves dot segments, its headers join lines of one
 * name, and with GET it has no body, which is refused here rather than lost.
 *
 * @param origin Where this server is reached.
 * @param gone Ends the body when it is aborted.
 * @param invite Called when the body is asked for, as a client may wait for that.
 * @throws {Refusal} If it cannot be one, or is framed in a way that may be read in two.
 */
export function toRequest(
  incoming: IncomingMessage,
  origin: string,
  gone: AbortSignal,
  invite: () => void,
): Request {
  const { method = "GET", url: target = "", rawHeaders } = incoming;
  if (rawHeaders.length > 2 * MOST_HEADERS) throw tooManyHeaders();
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  if (incoming.httpVersion !== "1.1") throw otherVersion();
  if (/^(?:CONNECT|TRACE|TRACK)$/.test(method)) {
    throw new Refusal(405, "method_not_allowed", "invalid_request_error", `No ${method} here`);
  }
  // A fragment would be lost, and servers differ in what it is
  if (!/^\/[^#]*$/.test(target)) throw invalid("The request target must be a path");
  if (!/^[^,]+$/.test(headers.get("host") ?? "")) {
    throw invalid("The request must have one Host header");
  }
  if (!/^(?:100-continue)?$/i.test(headers.get("expect") ?? "")) throw unknownExpectation();
  const body = hasBody(headers) ? bodyOf(incoming, gone, invite) : null;
  // Assumed: the service might well read such a body.
  if (body && (method === "GET" || method === "HEAD")) {
    throw invalid(`A ${method} request cannot have a body`);
  }
  const streaming: RequestInit & { duplex: "half" } = { body, duplex: "half" };
  return new Request(origin + target, { method, headers, signal: gone, ...streaming });
}

/** Lets the rest of a body that nobody wants pass by. */
export function discardBody(incoming: IncomingMessage): void {
  if (!incoming.complete) incoming.removeAllListeners("data").resume();
}

function tooManyHeaders(): Refusal {
  const message = `The request has more than ${MOST_HEADERS} headers: send fewer`;
  return new Refusal(431, "too_many_headers", "invalid_request_error", message);
}

/** HTTP/1.0 has no chunks, so that its clients cannot tell a whole response from one cut off. */
function otherVersion(): Refusal {
  const message = "This server speaks HTTP/1.1 only";
  return new Refusal(505, "http_version_not_supported", "invalid_request_error", message);
}

function unknownExpectation(): Refusal {
  const message = "Of expectations, only 100-continue is met: leave the Expect header out";
  return new Refusal(417, "expectation_failed", "invalid_request_error", message);
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
function bodyOf(
  incoming: IncomingMessage,
  gone: AbortSignal,
  invite: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  // Bun may deliver a chunk to a stream that is over, which cannot take it
  let over = false;
  return new ReadableStream({
    start(controller) {
      const fail = () => {
        if (over || incoming.complete) return;
        over = true;
        controller.error(new Error("The client left while it was sending"));
      };
      // Node's `fetch` is to cancel the body before it fails: afterwards it throws where nobody catches
      gone.addEventListener("abort", () => queueMicrotask(fail), { once: true });
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
      // "close" follows
      incoming.once("error", () => {});
    },
    pull() {
      invite();
      incoming.resume();
    },
    cancel() {
      over = true;
      discardBody(incoming);
    },
  }, { highWaterMark: 0 });
}
