import type { Case, SentRequest } from "./case.ts";
import { recordingFetch, sendOverSocket } from "./recording_fetch.ts";
import { assertNoProblems, createResponder } from "./responder.ts";
import type { Environment, Opened } from "./run_cases.ts";
import { SETTINGS } from "./settings.ts";

/** The platform's `fetch`, taken before any subject can replace it. */
const { fetch: platformFetch } = globalThis;

/**
 * Responds over sockets, on a runtime that can listen: a server on loopback takes the place of
 * {@link replay}. Requests to other hosts, which a case may derive, stay in the process.
 */
export const overSockets: Environment = { open };

async function open(test: Case, sent: SentRequest[]): Promise<Opened> {
  const responder = createResponder(test);
  // Loaded late, so that a browser or a Worker can load the suite
  const { serve } = await import("./mantle/serve.ts");
  const server = await serve(responder.handler);
  const fetch = recordingFetch((request) => {
    if (new URL(request.url).origin !== server.url) return responder.respond(request);
    return sendOverSocket(platformFetch, request);
  }, sent);
  return {
    context: { ...SETTINGS, baseURL: `${server.url}/openai/v1`, fetch, sent },
    async close() {
      await server.close();
      assertNoProblems(responder.problems());
    },
  };
}
