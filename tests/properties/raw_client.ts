import { Buffer } from "node:buffer";
import { connect } from "node:net";

/** How long an answer may take that a server owes to nobody, as where a body does not end. */
const PATIENCE_MS = 60;

/** Sends bytes and hangs up: all that comes back. */
export function rawBytes(origin: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    let answer = "";
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE_MS, end);
    socket.once("error", end);
    socket.once("close", end);
    socket.setEncoding("latin1").on("data", (chunk) => answer += chunk);
    socket.end(Buffer.from(text, "latin1"));
  });
}
