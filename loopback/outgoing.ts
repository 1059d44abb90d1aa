import { STATUS_CODES } from "node:http";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { envelope } from "./refusal.ts";
import type { Refusal } from "./refusal.ts";

/** The headers that say where a response ends or what becomes of the connection: the server sets them. */
const FRAMING = [
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The statuses of responses that have no body, whatever their headers say. */
const BODILESS = [204, 205, 304];

/**
 * Sends a response chunk by chunk, and cancels it when the client leaves.
 *
 * A body that claims a length is sent with the length that it has, and every other one in chunks,
 * so that one that breaks off is never taken for a whole one.
 */
export async function send(
  response: Response,
  outgoing: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const hasBody = outgoing.req.method !== "HEAD" && !BODILESS.includes(response.status);
  const { body } = response;
  if (!hasBody || gone.aborted) body?.cancel().catch(() => {});
  if (gone.aborted) return;
  const headers = new Headers(response.headers);
  const claimed = headers.get("content-length");
  for (const name of FRAMING) headers.delete(name);
  const head = Object.fromEntries(headers);
  try {
    if (!hasBody || !body || claimed !== null) {
      const bytes = hasBody && body ? await wholeBody(body, gone) : undefined;
      if (gone.aborted) return;
      if (hasBody || response.status === 205) head["content-length"] = `${bytes?.length ?? 0}`;
      outgoing.writeHead(response.status, head).end(bytes);
    } else {
      outgoing.writeHead(response.status, head);
      await stream(body, outgoing, gone);
    }
    await finished(outgoing, gone);
  } catch {
    // All that is left is to let the client see that the response is not whole
    outgoing.destroy();
    outgoing.req.socket.destroy();
  }
}

async function wholeBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  gone: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  await forEachChunk(body, gone, (chunk) => void chunks.push(chunk));
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

async function stream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  outgoing: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  sendHead(outgoing);
  await forEachChunk(body, gone, (chunk) => written(chunk, outgoing, gone));
  if (!gone.aborted) outgoing.end();
}

async function forEachChunk(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  gone: AbortSignal,
  take: (chunk: Uint8Array<ArrayBuffer>) => void | Promise<void>,
): Promise<void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  gone.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || gone.aborted) return;
      // In chunks, one of no bytes would be the last
      if (value.length > 0) await take(value);
    }
  } finally {
    gone.removeEventListener("abort", cancel);
  }
}

/** Without this, the headers of a slow stream would wait for its first chunk. */
function sendHead(outgoing: ServerResponse): void {
  // Node and Deno spell a head that goes alone in UTF-8; Bun sends none for no bytes
  if ("Bun" in globalThis) outgoing.flushHeaders();
  else outgoing.write(new Uint8Array());
}

/**
 * Resolves when more can be written, or when nobody waits for the response any more: by the callback,
 * as "drain" does not come once Node has handed the connection over, as for CONNECT.
 */
function written(chunk: Uint8Array, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  return unlessGone(gone, (done) => {
    if (outgoing.write(chunk, () => done())) done();
  });
}

/** Resolves when all is handed over, or when nobody waits for the response any more. */
function finished(outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  return unlessGone(gone, (done) => {
    if (outgoing.writableFinished) done();
    else outgoing.once("finish", done);
  });
}

function unlessGone(gone: AbortSignal, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      gone.removeEventListener("abort", done);
      resolve();
    };
    gone.addEventListener("abort", done);
    if (gone.aborted) done();
    else start(done);
  });
}

/** Answers what did not become a request, and closes the connection. */
export function refuseRaw(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(envelope(refusal));
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}
