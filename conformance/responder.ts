import type { Case, SentRequest, Service } from "./case.ts";
import type { Cassette } from "./cassette.ts";
import { CASSETTES } from "./cassettes/mod.ts";
import { emptyResponse } from "./empty_response.ts";
import { mantle, misbehave } from "./mantle/mod.ts";
import { type Mismatch, play, type Player } from "./play.ts";
import { SETTINGS } from "./settings.ts";

/** Responds to the requests of one case. */
export interface Responder {
  /** Responds to a request within the process. */
  respond(sent: SentRequest): Promise<Response>;
  /** Responds to a request that a server has received. */
  handler(request: Request): Promise<Response>;
  /** Lists how the requests differed from the exchanges of the cassette. */
  problems(): readonly string[];
}

/** Creates the responder of a case: its cassette, the local server, its own handler, or a stub. */
export function createResponder(test: Case): Responder {
  if (test.mantle) return { ...fromHandler(localServer(test.mantle)), problems: () => [] };
  if (test.cassette === undefined) return { ...fromCase(test), problems: () => [] };
  const { handler, mismatches, unplayed } = playCassette(test.cassette);
  const problems = () => [
    ...mismatches().map(formatMismatch),
    ...unplayed().map((exchange) => `Exchange ${exchange} was not requested`),
  ];
  return { ...fromHandler(handler), problems };
}

/** Throws if there are problems. */
export function assertNoProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join("; "));
}

function formatMismatch({ exchange, field, expected, found }: Mismatch): string {
  return `A request does not match exchange ${exchange} in ${field}: expected ${expected}, ` +
    `found ${found}`;
}

function localServer({ misbehaviours, ...options }: Service): Responder["handler"] {
  const { region, bearerToken, credentials, sessionCredentials } = SETTINGS;
  const handler = mantle({
    region,
    bearerTokens: [bearerToken],
    credentials: [credentials, sessionCredentials],
    ...options,
  });
  return misbehave(handler, { misbehaviours });
}

function playCassette(wanted: string | Cassette): Player {
  const cassette = typeof wanted === "string" ? CASSETTES.get(wanted) : wanted;
  if (!cassette) throw new Error(`There is no cassette "${wanted}"`);
  const { bearerToken, credentials, sessionCredentials } = SETTINGS;
  return play(cassette, {
    bearerTokens: [bearerToken],
    credentials: [credentials, sessionCredentials],
  });
}

function fromHandler(handler: Responder["handler"]): Omit<Responder, "problems"> {
  return {
    handler,
    respond: ({ method, url, headers, body }) =>
      handler(new Request(url, { method, headers, ...(body.length && { body }) })),
  };
}

function fromCase(test: Case): Omit<Responder, "problems"> {
  let count = 0;
  const respond = async (sent: SentRequest) =>
    await test.handle?.(sent, ++count) ?? emptyResponse(sent.url);
  return {
    respond,
    async handler(request) {
      const { method, url, headers } = request;
      const body = new Uint8Array(await request.arrayBuffer());
      return await respond({ method, url, headers, body, redirect: undefined });
    },
  };
}
