import { mantle, misbehave, parseMisbehaviours } from "../../conformance/mantle/mod.ts";
import type { MantleOptions, ReceivedRequest } from "../../conformance/mantle/mod.ts";
import { withServer } from "./local_mantle.ts";

/** The local server as it misbehaves, and what got through to it. */
export interface MisbehavingMantle {
  readonly origin: string;
  readonly received: ReceivedRequest[];
}

/** Runs a test against a server that is told to misbehave; "" lets only requests tell it. */
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
