import { Buffer } from "node:buffer";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** Runs against a socket that responds to anything with the same bytes, and hangs up. */
export function withRawServer<T>(bytes: string, run: (origin: string) => Promise<T>): Promise<T> {
  return withSockets((socket) => {
    socket.once("data", () => socket.end(Buffer.from(bytes, "latin1")));
  }, run);
}

/** Runs against sockets that reply to each piece they are sent, or hang up if there is no reply. */
export function withRawReplies<T>(
  reply: (piece: string) => string | undefined,
  run: (origin: string) => Promise<T>,
): Promise<T> {
  return withSockets((socket) => {
    socket.on("data", (piece) => {
      const bytes = reply(piece.toString("latin1"));
      if (bytes === undefined) socket.end();
      else socket.write(Buffer.from(bytes, "latin1"));
    });
  }, run);
}

async function withSockets<T>(
  serve: (socket: Socket) => void,
  run: (origin: string) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
