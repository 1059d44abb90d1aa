import { Buffer } from "node:buffer";
import { connect } from "node:net";

/** The time to wait for a response that may never come, as when a body does not end. */
const PATIENCE_MS = 60;

/** Sends bytes and hangs up: all that comes back. */
export function rawBytes(origin: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    let response = "";
    const end = () => {
      socket.destroy();
      resolve(response);
    };
    socket.setTimeout(PATIENCE_MS, end);
    socket.once("error", end);
    socket.once("close", end);
    socket.setEncoding("latin1").on("data", (chunk) => response += chunk);
    socket.end(Buffer.from(text, "latin1"));
  });
}
