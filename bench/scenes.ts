import { bearerClients, signingClients, signingFetches } from "./clients.ts";
import type { Subjects } from "./rounds.ts";
import { bodyOf, signers } from "./signers.ts";
import { streams } from "./streams.ts";
import { stubFetch } from "./stub.ts";

/** The scenes that one process measures; `server` is the origin of the streams. */
export const scenes: Readonly<Record<string, (server: string) => Subjects>> = {
  "signature, 200 B": () => signers(bodyOf(200)),
  "signature, 4 kB": () => signers(bodyOf(4_000)),
  "create, AWS keys": () => signingClients("Say hello!", stubFetch),
  "create, bearer": () => bearerClients("Say hello!", stubFetch),
  "create, AWS keys, 1 MB": () => signingClients("x".repeat(1_000_000), stubFetch),
  "fetch, AWS keys": () => signingFetches(bodyOf(200), stubFetch),
  "stream, sent at once, bearer": (server) => streams(server, "prompt", "bearer"),
  "stream, sent at once, AWS keys": (server) => streams(server, "prompt", "sigv4"),
  "stream, sent after 20 ms, bearer": (server) => streams(server, "late", "bearer"),
  "stream, sent after 20 ms, AWS keys": (server) => streams(server, "late", "sigv4"),
  "stream, 32 MB, bearer": (server) => streams(server, "long", "bearer"),
  "stream, 32 MB, read along, bearer": (server) => streams(server, "responses", "bearer"),
};
