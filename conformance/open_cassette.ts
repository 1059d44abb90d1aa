import type { Cassette } from "./cassette.ts";
import { CASSETTES } from "./cassettes/mod.ts";
import { play, type Playing } from "./play.ts";
import { SETTINGS } from "./settings.ts";

/** Makes a player of a cassette, or of one of the suite's own by its id. */
export function openCassette(wanted: string | Cassette): Playing {
  const cassette = typeof wanted === "string" ? CASSETTES.get(wanted) : wanted;
  if (!cassette) throw new Error(`There is no cassette "${wanted}"`);
  const { bearerToken, credentials, sessionCredentials } = SETTINGS;
  return play(cassette, {
    bearerTokens: [bearerToken],
    credentials: [credentials, sessionCredentials],
  });
}
