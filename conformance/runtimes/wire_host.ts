import { answering } from "../answering.ts";
import type { Answering } from "../answering.ts";
import type { Case } from "../case.ts";
import { preflight } from "../mantle/answers.ts";
import { serve } from "../mantle/serve.ts";
import type { Server } from "../mantle/serve.ts";

/** Servers for runtimes that cannot listen: one for each case, which any origin may read. */
export class WireHost {
  readonly #cases: readonly Case[];
  readonly #open = new Map<string, { server: Server; complaints: Answering["complaints"] }>();

  constructor(cases: readonly Case[]) {
    this.#cases = cases;
  }

  /** Opens a server that answers a case as replay would, and returns its origin. */
  async open(id: string): Promise<string> {
    const test = this.#cases.find((each) => each.id === id);
    if (test === undefined) throw new TypeError(`There is no case "${id}"`);
    const { answer, complaints } = answering(test);
    const server = await serve(async (request) => {
      const response = request.method === "OPTIONS"
        ? preflight(request.headers)
        : await answer(request);
      response.headers.set("access-control-allow-origin", "*");
      response.headers.set("access-control-expose-headers", "*");
      return response;
    });
    this.#open.set(server.url, { server, complaints });
    return server.url;
  }

  /** Closes a server, and returns what went otherwise than its exchanges say. */
  async close(origin: string): Promise<readonly string[]> {
    const found = this.#open.get(origin);
    this.#open.delete(origin);
    await found?.server.close();
    return found?.complaints() ?? [];
  }

  /** Closes what a driver has left open. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((origin) => this.close(origin)));
  }
}
