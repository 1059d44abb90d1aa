import type { Case, Service } from "./case.ts";
import { mantle, misbehave } from "./mantle/mod.ts";
import { openCassette } from "./open_cassette.ts";
import type { Mismatch } from "./play.ts";
import { SETTINGS } from "./settings.ts";
import { emptyAnswer } from "./stub.ts";

/** What answers the requests of one case, in the process or behind a socket. */
export interface Answering {
  answer(request: Request): Promise<Response>;
  /** What went otherwise than the exchanges of the cassette say, in words. */
  complaints(): readonly string[];
}

/** Makes what answers a case: its cassette, the local server, itself, or else next to nothing. */
export function answering(test: Case): Answering {
  if (test.mantle) return { answer: byService(test.mantle), complaints: () => [] };
  if (test.cassette === undefined) return { answer: byItself(test), complaints: () => [] };
  const { handler, mismatches, unplayed } = openCassette(test.cassette);
  const complaints = () => [
    ...mismatches().map(inWords),
    ...unplayed().map((exchange) => `Exchange ${exchange} was not asked for`),
  ];
  return { answer: handler, complaints };
}

/** Throws where there are complaints. */
export function assertPlayed(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new Error(complaints.join("; "));
}

function inWords({ exchange, field, expected, found }: Mismatch): string {
  return `A request does not fit exchange ${exchange} in ${field}: expected ${expected}, ` +
    `found ${found}`;
}

function byService({ misbehaviours, ...options }: Service): Answering["answer"] {
  const { region, bearerToken, credentials, sessionCredentials } = SETTINGS;
  const handler = mantle({
    region,
    bearerTokens: [bearerToken],
    credentials: [credentials, sessionCredentials],
    ...options,
  });
  return misbehave(handler, { misbehaviours });
}

function byItself(test: Case): Answering["answer"] {
  let count = 0;
  return async (request) => {
    const { method, url, headers } = request;
    const body = new Uint8Array(await request.arrayBuffer());
    const sent = { method, url, headers, body, redirect: undefined };
    return await test.answer?.(sent, ++count) ?? emptyAnswer(url);
  };
}
