import { assertPlayed } from "./answering.ts";
import type { Case, SentRequest } from "./case.ts";
import { recordingFetch } from "./recording_fetch.ts";
import { replay } from "./replay.ts";
import type { Environment, Opened } from "./run_cases.ts";
import { SETTINGS } from "./settings.ts";

/** What the platform's `fetch` was before any subject had the chance to change it. */
const { fetch: platformFetch } = globalThis;

/**
 * Answers over sockets on a runtime that cannot listen: a host opens a server for each case.
 *
 * What goes to another host, which a case derived, stays in the process.
 *
 * @param host Where a server is asked for and given back.
 */
export function overHost(host: string): Environment {
  return { open: (test, sent) => open(host, test, sent) };
}

async function open(host: string, test: Case, sent: SentRequest[]): Promise<Opened> {
  const origin = await (await platformFetch(host, { method: "POST", body: test.id })).text();
  let inProcess: Opened | undefined;
  const fetch = recordingFetch(async (request) => {
    if (new URL(request.url).origin === origin) {
      return await platformFetch(new Request(request, { redirect: "manual" }));
    }
    inProcess ??= await replay.open(test, []);
    return await inProcess.context.fetch(request);
  }, sent);
  return {
    context: { ...SETTINGS, baseURL: `${origin}/openai/v1`, fetch, sent },
    async close() {
      const closed = await platformFetch(host, { method: "DELETE", body: origin });
      const complaints = await closed.json();
      if (inProcess) await inProcess.close?.();
      else assertPlayed(complaints);
    },
  };
}
