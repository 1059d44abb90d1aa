import process from "node:process";

import { serve } from "./serve.ts";
import type { Handler, ServeOptions } from "./serve.ts";

/** Serves until SIGINT or SIGTERM, and tells where once it listens. */
export async function serveUntilStopped(
  handler: Handler,
  options: ServeOptions,
  announce: (url: string) => string,
): Promise<void> {
  // Where nobody reads its output any more, Node would end the process
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  const server = await serve(handler, options);
  const stop = signalled();
  console.log(announce(server.url));
  await stop;
  await server.close();
}

/** @throws {TypeError} If it is no port. */
export function readPort(port: string): number {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new TypeError("--port must be a number from 0 to 65535");
  }
  return Number(port);
}

/** Resolves at the first signal; the next one ends the process as it always does. */
function signalled(): Promise<void> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
