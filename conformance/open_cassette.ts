import { CASSETTES } from "./cassettes/mod.ts";
import { play } from "./play.ts";
import type { OpenCassette } from "./replay.ts";

/** Makes a player of a cassette, or of one of the suite's own by its id. */
export const openCassette: OpenCassette = (wanted, context) => {
  const cassette = typeof wanted === "string" ? CASSETTES.get(wanted) : wanted;
  if (!cassette) throw new Error(`There is no cassette "${wanted}"`);
  const { bearerToken, credentials, sessionCredentials } = context;
  return play(cassette, {
    bearerTokens: [bearerToken],
    credentials: [credentials, sessionCredentials],
  });
};
