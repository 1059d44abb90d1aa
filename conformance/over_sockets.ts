import { answering, assertPlayed } from "./answering.ts";
import type { Case, SentRequest } from "./case.ts";
import { recordingFetch } from "./recording_fetch.ts";
import type { Environment, Opened } from "./run_cases.ts";
import { SETTINGS } from "./settings.ts";

/** What the platform's `fetch` was before any subject had the chance to change it. */
const { fetch: platformFetch } = globalThis;

/**
 * Answers over sockets on a runtime that can listen: what replay plays in the process, a server on
 * loopback plays here. What goes to another host, which a case derived, stays in the process.
 */
export const overSockets: Environment = { open };

async function open(test: Case, sent: SentRequest[]): Promise<Opened> {
  const { answer, complaints } = answering(test);
  // Only here, so that a browser or a Worker can load the suite
  const { serve } = await import("./mantle/serve.ts");
  const server = await serve(answer);
  const fetch = recordingFetch((request) => {
    if (new URL(request.url).origin !== server.url) return answer(request);
    return platformFetch(new Request(request, { redirect: "manual" }));
  }, sent);
  return {
    context: { ...SETTINGS, baseURL: `${server.url}/openai/v1`, fetch, sent },
    async close() {
      await server.close();
      assertPlayed(complaints());
    },
  };
}
