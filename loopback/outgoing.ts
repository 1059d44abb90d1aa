import { STATUS_CODES } from "node:http";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { envelope } from "./refusal.ts";
import type { Refusal } from "./refusal.ts";

/** Sends a response chunk by chunk, and cancels it when the client leaves. */
export async function send(
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
    if (reader) sendHead(outgoing);
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

/** Without this, the headers of a slow stream would wait for its first chunk. */
function sendHead(outgoing: ServerResponse): void {
  // Node and Deno spell a head that goes alone in UTF-8; Bun sends none for no bytes
  if ("Bun" in globalThis) outgoing.flushHeaders();
  else outgoing.write(new Uint8Array());
}

/** Answers what did not become a request, and closes the connection. */
export function refuseRaw(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(envelope(refusal));
  socket.on("error", () => {});
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}
