import type { Case } from "../case.ts";
import { cases } from "../cases/mod.ts";
import { preflight } from "../mantle/answers.ts";
import { serve } from "../mantle/serve.ts";
import type { Server } from "../mantle/serve.ts";
import { openCassette } from "../open_cassette.ts";
import { SETTINGS } from "../replay.ts";
import { emptyAnswer } from "../stub.ts";

/** Servers for runtimes that cannot listen: one for each case, which any origin may read. */
export class WireHost {
  readonly #open = new Map<string, { server: Server; unplayed: () => readonly string[] }>();

  /** Opens a server that answers a case as replay would, and returns its origin. */
  async open(id: string): Promise<string> {
    const test = cases.find((each) => each.id === id);
    if (test === undefined) throw new TypeError(`There is no case "${id}"`);
    const { answer, unplayed } = answering(test);
    const server = await serve(async (request) => {
      const response = request.method === "OPTIONS"
        ? preflight(request.headers)
        : await answer(request);
      response.headers.set("access-control-allow-origin", "*");
      response.headers.set("access-control-expose-headers", "*");
      return response;
    });
    this.#open.set(server.url, { server, unplayed });
    return server.url;
  }

  /** Closes a server, and returns the exchanges that nobody asked for. */
  async close(origin: string): Promise<readonly string[]> {
    const found = this.#open.get(origin);
    this.#open.delete(origin);
    await found?.server.close();
    return found?.unplayed() ?? [];
  }

  /** Closes what a driver has left open. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((origin) => this.close(origin)));
  }
}

function answering(test: Case) {
  if (test.cassette !== undefined) {
    const player = openCassette(test.cassette, SETTINGS);
    return { answer: player.handler, unplayed: player.unplayed };
  }
  let count = 0;
  const answer = async (request: Request): Promise<Response> => {
    const { method, url, headers } = request;
    const body = new Uint8Array(await request.arrayBuffer());
    const sent = { method, url, headers, body, redirect: undefined };
    return await test.answer?.(sent, ++count) ?? emptyAnswer(url);
  };
  return { answer, unplayed: () => [] };
}
