import type { Passing } from "./wire.ts";

/** The codes of too many requests, as AWS's SDK for JavaScript has them (`@smithy/core` 3.41). */
const THROTTLED =
  /^(?:Throttl|TooManyRequests|Request(?:LimitExceeded|Throttled)|SlowDown|LimitExceeded|PriorRequest)/;

const TRANSIENT = /^(?:IDPCommunicationError|RequestTimeout)(?:Exception)?$/;

/** Says why a refusal with a code may pass. */
export function whyPassing(code: string): Passing | undefined {
  if (TRANSIENT.test(code)) return "transient";
  return THROTTLED.test(code) ? "throttled" : undefined;
}
