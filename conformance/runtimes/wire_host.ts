import type { Case } from "../case.ts";
import { preflight } from "../mantle/http_responses.ts";
import { serve, type Server } from "../mantle/serve.ts";
import { createResponder, type Responder } from "../responder.ts";

/** Servers for runtimes that cannot listen: one for each case, readable from any origin. */
export class WireHost {
  readonly #cases: readonly Case[];
  readonly #open = new Map<string, { server: Server; problems: Responder["problems"] }>();

  constructor(cases: readonly Case[]) {
    this.#cases = cases;
  }

  /** Opens a server that responds to a case as replay would, and returns its origin. */
  async open(id: string): Promise<string> {
    const test = this.#cases.find((each) => each.id === id);
    if (test === undefined) throw new TypeError(`There is no case "${id}"`);
    const { handler, problems } = createResponder(test);
    const server = await serve(async (request) => {
      const response = request.method === "OPTIONS"
        ? preflight(request.headers)
        : await handler(request);
      response.headers.set("access-control-allow-origin", "*");
      response.headers.set("access-control-expose-headers", "*");
      return response;
    });
    this.#open.set(server.url, { server, problems });
    return server.url;
  }

  /** Closes a server, and returns how requests differed from the exchanges of the cassette. */
  async close(origin: string): Promise<readonly string[]> {
    const found = this.#open.get(origin);
    this.#open.delete(origin);
    await found?.server.close();
    return found?.problems() ?? [];
  }

  /** Closes the servers that drivers have left open. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((origin) => this.close(origin)));
  }
}
