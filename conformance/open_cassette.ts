import type { Cassette } from "./cassette.ts";
import { CASSETTES } from "./cassettes/mod.ts";
import { play, type Playing } from "./play.ts";
import type { Settings } from "./settings.ts";

/** Makes a player of a cassette, or of the one with an id, or throws. */
export type OpenCassette = (cassette: string | Cassette, context: Settings) => Playing;

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
