import type { Case, SentRequest } from "./case.ts";
import { recordingFetch, sendOverSocket } from "./recording_fetch.ts";
import { replay } from "./replay.ts";
import { assertNoProblems } from "./responder.ts";
import type { Environment, Opened } from "./run_cases.ts";
import { SETTINGS } from "./settings.ts";

/** The platform's `fetch`, taken before any subject can replace it. */
const { fetch: platformFetch } = globalThis;

/**
 * Responds over sockets, on a runtime that cannot listen: a host opens a server for each case.
 * Requests to other hosts, which a case may derive, stay in the process.
 *
 * @param host The URL that opens and closes servers.
 */
export function overHost(host: string): Environment {
  return { open: (test, sent) => open(host, test, sent) };
}

async function open(host: string, test: Case, sent: SentRequest[]): Promise<Opened> {
  const origin = await (await platformFetch(host, { method: "POST", body: test.id })).text();
  let inProcess: Opened | undefined;
  const fetch = recordingFetch(async (request) => {
    if (new URL(request.url).origin === origin) return sendOverSocket(platformFetch, request);
    inProcess ??= await replay.open(test, []);
    const { method, url, headers, body } = request;
    return await inProcess.context.fetch(url, { method, headers, ...(body.length && { body }) });
  }, sent);
  return {
    context: { ...SETTINGS, baseURL: `${origin}/openai/v1`, fetch, sent },
    async close() {
      const closed = await platformFetch(host, { method: "DELETE", body: origin });
      const problems = await closed.json();
      if (inProcess) await inProcess.close?.();
      else assertNoProblems(problems);
    },
  };
}
