import assert from "node:assert/strict";
import { isAdmitted } from "./admitted.ts";
import { withoutMarks } from "./bodies.ts";
import { type Judgment, type Message, valuesOf } from "./judge.ts";
import type { Admission } from "./requests.ts";
import type { Arrival } from "./upstream.ts";

/** The two sides of the proxy, as llhttp reads each. */
export interface Sides {
  /** The messages of the client. */
  readonly sent: Judgment;
  /** The messages that reached the upstream, with its replies. */
  readonly arrivals: readonly Arrival[];
}

/**
 * Asserts that what reaches the upstream is what the proxy lets in of what was sent, in order. A
 * request can be lost with a connection that the upstream has reset.
 */
export function assertRequests({ sent, arrivals }: Sides, admission: Admission): void {
  const admitted = sent.messages.filter((message) => isAdmitted(message, admission));
  for (const { message } of arrivals.filter(isOfClient)) {
    const place = admitted.findIndex(({ target }) => target === message.target);
    const [source] = admitted.splice(0, place + 1).slice(-1);
    assert.ok(source, `too many upstream: ${shown(message)}`);
    // One that is open goes no further, and is whole nowhere
    if (message.complete) assert.equal(shown(message), shown(source));
  }
}

/**
 * Asserts that what comes back is, for each request in turn, what the upstream has sent to it, or a
 * refusal.
 */
export function assertResponses(
  { sent: { messages, fault, open }, arrivals }: Sides,
  received: Judgment,
  admission: Admission,
): void {
  // After what is whole comes the response to the last request, or a refusal of what is no request
  const most = messages.length + (messages.at(-1)?.complete === false ? 0 : 1);
  assert.ok(received.messages.length <= most, `too many responses: ${received.messages.length}`);
  const rest = [...arrivals];
  received.messages.forEach((response, index) => {
    const request = messages[index];
    const isLast = request === undefined && fault === undefined && !open;
    const place = rest.findIndex(({ message: { target } }) =>
      isLast ? target.endsWith("/last") : target === request?.target
    );
    const [arrival] = rest.splice(0, place + 1).slice(-1);
    if (arrival && (isLast || request && isAdmitted(request, admission))) {
      assertRelayed(response, arrival);
    } else assert.ok(isOwn(response), `a response to no request: ${response.status}`);
  });
  const end = received.messages.at(-1);
  // What is refused before it has a method has a body, whatever the method would be
  const method = messages[received.messages.length - 1]?.method;
  if (received.fault === undefined || end && isOwn(end) && method === "HEAD") return;
  assert.equal(end?.complete, false, `the client was sent what is not HTTP: ${received.fault}`);
}

/** Asserts that nothing is missing where nobody has a reason to close a connection. */
export function assertNothingMissing(
  { sent: { messages, fault, open }, arrivals }: Sides,
  received: Judgment,
): void {
  const isOrdinary = fault === undefined && !open && arrivals.every(isOrdinaryReply);
  if (!isOrdinary) return;
  assert.equal(received.messages.length, messages.length + 1, "too few responses");
  assert.equal(arrivals.filter(isOfClient).length, messages.length, "too few upstream");
}

/** Tells what the client has sent from what goes through only to see that it does. */
function isOfClient({ message: { target } }: Arrival): boolean {
  return !target.endsWith("/last");
}

function isOrdinaryReply({ reply, response }: Arrival): boolean {
  const [message] = response?.messages ?? [];
  return reply !== undefined && withoutMarks(reply.bytes) === reply.bytes &&
    reply.then !== "reset" && response?.fault === undefined && message?.complete === true &&
    valuesOf(message, "transfer-encoding").every((coding) => /^chunked$/i.test(coding));
}

/** Tells whether a response is the proxy's own: every head of the upstream has this header. */
function isOwn(response: Message): boolean {
  return valuesOf(response, "x-target").length === 0;
}

function assertRelayed(response: Message, arrival: Arrival): void {
  if (isOwn(response)) return assert.ok(response.status >= 300, "made up");
  if (response.status === 205) return assert.equal(response.body, "");
  for (const name of ["content-length", "trailer", "upgrade"]) {
    assert.deepEqual(valuesOf(response, name), [], name);
  }
  const { response: sent, otherReadings, endsWithConnection, reply } = arrival;
  const [original] = sent?.messages ?? [];
  // Where llhttp sees no response, the `fetch` of Deno or Bun may, as with a bare LF
  if (!original || !original.complete && sent?.fault !== undefined) return;
  assert.deepEqual(valuesOf(response, "x-target"), valuesOf(original, "x-target"));
  assert.equal(response.status, original.status);
  if (!response.complete) return;
  // Where llhttp sees no chunks, others may; and whether a reset is such an end, runtimes differ in
  const isUnsure = endsWithConnection && reply &&
    (reply.then === "reset" || withoutMarks(reply.bytes) !== reply.bytes);
  if (isUnsure) return;
  const whole = [original, ...otherReadings.map(({ messages }) => messages[0])]
    .filter((message) => message?.complete);
  assert.notEqual(whole.length, 0, "what broke off came whole");
  // Of failures, the proxy explains what the service has said
  if (response.status >= 300) return;
  const bodies = whole.map((message) => message?.body);
  assert.ok(bodies.includes(response.body), `another body: ${JSON.stringify(response.body)}`);
}

function shown({ method, target, complete, body }: Message): string {
  return [method, target, complete ? "whole" : "open", body].join(" ");
}
