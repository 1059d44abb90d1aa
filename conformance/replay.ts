import { answering, assertPlayed } from "./answering.ts";
import type { Case, SentRequest } from "./case.ts";
import { recordingFetch } from "./recording_fetch.ts";
import type { Environment, Opened } from "./run_cases.ts";
import { SETTINGS } from "./settings.ts";

/**
 * Answers within the process: from cassettes, by the local server, from what a case brings, or else
 * with next to nothing.
 */
export const replay: Environment = { open: async (test, sent) => open(test, sent) };

function open(test: Case, sent: SentRequest[]): Opened {
  const { answer, complaints } = answering(test);
  return {
    context: { ...SETTINGS, fetch: recordingFetch(answer, sent), sent },
    close: () => assertPlayed(complaints()),
  };
}
