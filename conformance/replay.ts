import { answering, assertPlayed } from "./answering.ts";
import type { Case, Context, SentRequest } from "./case.ts";
import type { Cassette } from "./cassette.ts";
import type { Playing } from "./play.ts";
import { recordingFetch } from "./recording_fetch.ts";
import type { Environment, Opened } from "./run_cases.ts";

/** Makes a player of a cassette, or of the one with an id, or throws. */
export type OpenCassette = (cassette: string | Cassette, context: Settings) => Playing;

/** What every context of replay holds. */
export type Settings = Omit<Context, "fetch" | "sent">;

/** AWS's root, and credentials that are plainly examples. */
export const SETTINGS: Settings = {
  baseURL: "https://bedrock-mantle.us-west-2.api.aws/openai/v1",
  region: "us-west-2",
  bearerToken: "example-bearer-token",
  credentials: {
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  },
  sessionCredentials: {
    accessKeyId: "ASIAEXAMPLE",
    secretAccessKey: "session/SECRET+key",
    sessionToken: "session-token//+==",
  },
};

/** Answers within the process: from cassettes, from what a case brings, or else with next to nothing. */
export function replay(
  openCassette: OpenCassette,
  lacks?: Environment["lacks"],
): Environment {
  return { lacks, open: async (test, sent) => open(openCassette, test, sent) };
}

function open(openCassette: OpenCassette, test: Case, sent: SentRequest[]): Opened {
  const { answer, complaints } = answering(test, openCassette);
  return {
    context: { ...SETTINGS, fetch: recordingFetch(answer, sent), sent },
    close: () => assertPlayed(complaints()),
  };
}
