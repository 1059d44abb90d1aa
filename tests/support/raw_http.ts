import assert from "node:assert/strict";
import { rawConnection } from "./raw_connection.ts";

/** A response as it arrived. */
export interface RawResponse {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Writes text to a socket, as no client would, and reads one response. */
export async function rawExchange(origin: string, ...lines: string[]): Promise<RawResponse> {
  const connection = rawConnection(origin, lines.join("\r\n"));
  const text = await connection.received({ test: isComplete });
  connection.leave();
  assert.ok(isComplete(text), `Closed without a response: ${text}`);
  return parse(text);
}

function isComplete(text: string): boolean {
  const { head, body } = parse(text);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return text.includes("\r\n\r\n") && body.length >= length;
}

function parse(text: string): RawResponse {
  const [head = "", body = ""] = text.split(/\r\n\r\n([^]*)/);
  return { status: Number(head.split(" ")[1]), head, body };
}

/** Sends one request with exactly these headers, and reads until the server closes. */
export async function closedExchange(
  origin: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<RawResponse> {
  const all = { Connection: "close", "Content-Length": `${body.length}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const text = [`${target} HTTP/1.1`, ...lines, "", body].join("\r\n");
  return parse(await rawConnection(origin, text).whole());
}
