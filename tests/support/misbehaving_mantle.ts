import { mantle, misbehave, parseMisbehaviours } from "../../conformance/mantle/mod.ts";
import type { MantleOptions, ReceivedRequest } from "../../conformance/mantle/mod.ts";
import { withServer } from "./local_mantle.ts";

/** A misbehaving local server, and the requests that reached it. */
export interface MisbehavingMantle {
  readonly origin: string;
  readonly received: ReceivedRequest[];
}

/** Runs a test against a misbehaving server; with "", only requests can ask for misbehaviour. */
export function withMisbehaving(
  words: string,
  run: (local: MisbehavingMantle) => Promise<void>,
  options: Pick<MantleOptions, "chunkDelayMs"> = {},
): Promise<void> {
  const received: ReceivedRequest[] = [];
  const observe = (request: ReceivedRequest) => void received.push(request);
  const misbehaviours = words ? parseMisbehaviours(words) : [];
  const handler = misbehave(mantle({ ...options, observe }), { misbehaviours });
  return withServer(handler, (origin) => run({ origin, received }));
}
