import { answering, assertPlayed } from "./answering.ts";
import type { Case, SentRequest } from "./case.ts";
import type { OpenCassette } from "./open_cassette.ts";
import { recordingFetch } from "./recording_fetch.ts";
import type { Environment, Opened } from "./run_cases.ts";
import { SETTINGS } from "./settings.ts";

/**
 * Answers within the process: from cassettes, by the local server, from what a case brings, or else
 * with next to nothing.
 */
export function replay(openCassette: OpenCassette): Environment {
  return { open: async (test, sent) => open(openCassette, test, sent) };
}

function open(openCassette: OpenCassette, test: Case, sent: SentRequest[]): Opened {
  const { answer, complaints } = answering(test, openCassette);
  return {
    context: { ...SETTINGS, fetch: recordingFetch(answer, sent), sent },
    close: () => assertPlayed(complaints()),
  };
}
