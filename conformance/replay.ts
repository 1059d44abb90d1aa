import { recordingFetch } from "./recording_fetch.ts";
import { assertNoProblems, createResponder } from "./responder.ts";
import type { Environment } from "./run_cases.ts";
import { SETTINGS } from "./settings.ts";

/** Responds within the process. */
export const replay: Environment = {
  async open(test, sent) {
    const { respond, problems } = createResponder(test);
    return {
      context: { ...SETTINGS, fetch: recordingFetch(respond, sent), sent },
      close: () => assertNoProblems(problems()),
    };
  },
};
