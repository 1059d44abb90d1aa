import { connect } from "node:net";

/** A connection that text is written to as it stands. */
export interface RawConnection {
  /** Resolves to all that came, once that matches or the connection is closed. */
  received(pattern: { test(text: string): boolean }): Promise<string>;
  /** Resolves to all that came, once the connection is closed. */
  whole(): Promise<string>;
  write(text: string): void;
  leave(): void;
  /** Leaves with a reset, which the server sees as an error. */
  reset(): void;
}

/** Opens a connection to a server of this machine, and writes to it. */
export function rawConnection(origin: string, text: string): RawConnection {
  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  let received = "";
  let look = () => {};
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(received)));
  socket.on("error", () => {});
  socket.setTimeout(30_000, () => socket.destroy());
  socket.setEncoding("latin1").on("data", (chunk) => {
    received += chunk;
    look();
  });
  const write = (text: string) => void socket.write(text, "latin1");
  write(text);
  return {
    received: (pattern) =>
      new Promise((resolve) => {
        look = () => pattern.test(received) && resolve(received);
        look();
        closed.then(resolve);
      }),
    whole: () => closed,
    write,
    leave: () => void socket.destroy(),
    reset: () => void socket.resetAndDestroy(),
  };
}
