import type { Case, Context, SentRequest } from "./case.ts";
import { recordingFetch } from "./recording_fetch.ts";
import type { Environment, Opened } from "./run_cases.ts";
import { emptyAnswer } from "./stub.ts";

/** The exchanges of a cassette, ready to be played once. */
export interface Player {
  handler(request: Request): Promise<Response>;
  /** What was not asked for, in words. */
  unplayed(): readonly string[];
}

/** Throws where exchanges of a cassette were not asked for. */
export function assertPlayed(unplayed: readonly string[] = []): void {
  if (unplayed.length) throw new Error(`Exchanges were not asked for: ${unplayed.join(", ")}`);
}

/** Makes a player of the cassette with an id, or throws. */
export type OpenCassette = (id: string, context: Settings) => Player;

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
  const player = test.cassette === undefined ? undefined : openCassette(test.cassette, SETTINGS);
  const fetch = recordingFetch(async (request, departed) => {
    if (player) return await player.handler(request);
    return await test.answer?.(departed, sent.length) ?? emptyAnswer(request.url);
  }, sent);
  return {
    context: { ...SETTINGS, fetch, sent },
    close() {
      assertPlayed(player?.unplayed());
    },
  };
}
