import { Buffer } from "node:buffer";
import { connect } from "node:net";

/** A connection that bytes are written to as they are. */
export interface Connection {
  /** All that has come back. */
  readonly received: string;
  readonly isClosed: boolean;
  /** Resolves at the next thing that comes back, or at the end. */
  next(): Promise<void>;
  write(bytes: string): Promise<void>;
  /** Says that nothing more is sent. */
  end(): void;
  /** Leaves without a word. */
  leave(): void;
}

/** Connects to a port of this machine. */
export async function openConnection(port: number): Promise<Connection> {
  let received = "";
  let isClosed = false;
  let tell = Promise.withResolvers<void>();
  const changed = () => {
    tell.resolve();
    tell = Promise.withResolvers<void>();
  };
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {});
  socket.setEncoding("latin1").on("data", (chunk) => {
    received += chunk;
    changed();
  });
  const close = () => {
    isClosed = true;
    socket.destroy();
    changed();
  };
  socket.once("end", close);
  socket.once("close", close);
  return {
    get received() {
      return received;
    },
    get isClosed() {
      return isClosed;
    },
    next: () => tell.promise,
    write: (bytes) =>
      new Promise((resolve) => {
        if (!socket.writable) return resolve();
        socket.write(Buffer.from(bytes, "latin1"), () => resolve());
      }),
    end: () => void socket.end(),
    leave: () => void socket.destroy(),
  };
}
