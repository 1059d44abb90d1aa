import { CASSETTES } from "./cassettes/mod.ts";
import { play } from "./play.ts";
import type { OpenCassette } from "./replay.ts";

/** Makes a player of one of the suite's own cassettes. */
export const openCassette: OpenCassette = (id, context) => {
  const cassette = CASSETTES.get(id);
  if (!cassette) throw new Error(`There is no cassette "${id}"`);
  const { bearerToken, credentials, sessionCredentials } = context;
  return play(cassette, {
    bearerTokens: [bearerToken],
    credentials: [credentials, sessionCredentials],
  });
};
