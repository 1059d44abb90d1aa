import assert from "node:assert/strict";
import { assertNothingMissing, assertRequests, assertResponses } from "./agreement.ts";
import { isAdmitted } from "./admitted.ts";
import { bare, withoutMarks } from "./bodies.ts";
import { type Connection, openConnection } from "./client.ts";
import { judgeRequests, judgeResponses, type Judgment, type Message } from "./judge.ts";
import { type Admission, NUMBER, plainRequest, type Sending } from "./requests.ts";
import type { Reply } from "./responses.ts";
import type { Arrival, Upstream } from "./upstream.ts";

/** The proxy between the two ends that are held here. */
export interface Between extends Admission {
  readonly port: number;
  readonly upstream: Upstream;
}

/** The messages that cross the proxy in one connection of a client. */
export interface Crossing {
  readonly sending: Sending;
  readonly replies: readonly Reply[];
}

/** A limit, so that a message that never comes fails the test. */
const LIMIT_MS = 10_000;

let count = 0;

/** Asserts that what one side of the proxy sees as one message, the other side does too. */
export async function assertSameMessages(crossing: Crossing, between: Between): Promise<void> {
  const { sending: { requests, cuts, leavesAt, isPlain }, replies } = crossing;
  const number = `${++count}`.padStart(NUMBER.length, "0");
  const whole = requests.join("").replaceAll(NUMBER, number);
  const text = whole.slice(0, Math.round((leavesAt ?? 1) * whole.length));
  const bytes = withoutMarks(text);
  const readings = [await judgeRequests(bytes)];
  if (bytes !== text) readings.push(await judgeRequests(bare(text)));
  const { upstream } = between;
  const all = upstream.expect(number, leavesAt === undefined ? replies : undefined);
  const connection = await openConnection(between.port);
  const arrivals = () => all.filter(({ message }) => !message.target.endsWith("/beside"));
  const run = { number, readings, connection, between, arrivals };
  try {
    for (const piece of piecesOf(bytes, cuts)) await connection.write(piece);
    const check = leavesAt === undefined ? await cross(run, isPlain) : await abandon(run);
    await assertEither(readings, check);
    assert.deepEqual(upstream.faults(), []);
  } finally {
    connection.leave();
    upstream.forget(number);
  }
}

interface Run {
  readonly number: string;
  /** The messages of the client, in each way that they may be read. */
  readonly readings: readonly Judgment[];
  readonly connection: Connection;
  readonly between: Between;
  readonly arrivals: () => Arrival[];
}

type Check = (sent: Judgment) => Promise<void> | void;

/** Waits for the responses, sends one more request where it can be one, and reads to the end. */
async function cross(
  { number, readings, connection, between, arrivals }: Run,
  isPlain: boolean,
): Promise<Check> {
  const least = Math.min(...readings.map(({ messages }) => wholeIn(messages)));
  const isClean = readings.every(({ fault, open }) => fault === undefined && !open);
  const received = ({ messages }: Judgment) => {
    const methods = [...messages.map(({ method }) => method), "GET", "GET"];
    return judgeResponses(connection.received, methods, connection.isClosed);
  };
  await until("the responses", connection, async () => {
    const [sent] = readings;
    const { messages, fault } = await received(sent!);
    return fault !== undefined || wholeIn(messages) >= least;
  });
  if (isClean && !connection.isClosed) {
    const last = plainRequest(between, "last", "Connection: close");
    await connection.write(last.replace(NUMBER, number));
  } else {
    await passBy(number, between);
    connection.end();
  }
  await until("the end of the connection", connection, async () => false);
  return async (sent) => {
    const sides = { sent, arrivals: arrivals() };
    assertRequests(sides, between);
    assertResponses(sides, await received(sent), between);
    if (isPlain) assertNothingMissing(sides, await received(sent));
  };
}

/** Leaves in the midst of it, and waits for the end of all that was sent on. */
async function abandon({ number, readings, connection, between, arrivals }: Run): Promise<Check> {
  const isFirstWhole = readings.every(({ messages: [first] }) =>
    first?.complete && isAdmitted(first, between)
  );
  if (isFirstWhole) {
    const arrived = async () => arrivals().length > 0 || connection.received !== "";
    await until("the first request upstream", connection, arrived, between.upstream);
  } else await passBy(number, between);
  connection.leave();
  // Whatever starts later has started by then
  await passBy(number, between);
  const ends = arrivals().map(({ over }) => over);
  await inTime("the end of what a client has left", Promise.all(ends));
  return (sent) => assertRequests({ sent, arrivals: arrivals() }, between);
}

/** Goes through the proxy on another connection, so that what came before has been seen to. */
async function passBy(number: string, between: Between): Promise<void> {
  const other = await openConnection(between.port);
  await other.write(plainRequest(between, "beside", "Connection: close").replace(NUMBER, number));
  await until("a plain response", other, async () => false);
  const { messages } = await judgeResponses(other.received, ["GET"], true);
  assert.equal(messages[0]?.status, 200, other.received);
}

function wholeIn(messages: readonly Message[]): number {
  return messages.filter(({ complete }) => complete).length;
}

async function assertEither(readings: readonly Judgment[], check: Check): Promise<void> {
  const errors: unknown[] = [];
  for (const reading of readings) {
    try {
      return await check(reading);
    } catch (error) {
      errors.push(error);
    }
  }
  throw errors[0];
}

function piecesOf(bytes: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => Math.round(cut * bytes.length)), bytes.length]
    .toSorted((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.slice(places[index], place))
    .filter((piece) => piece !== "");
}

/** Waits until something is so, or the connection is closed. */
async function until(
  what: string,
  connection: Connection,
  isSo: () => Promise<boolean>,
  upstream?: Upstream,
): Promise<void> {
  const wait = async () => {
    for (;;) {
      const changed = Promise.race([connection.next(), ...upstream ? [upstream.next()] : []]);
      if (connection.isClosed || await isSo()) return;
      await changed;
    }
  };
  await inTime(what, wait(), () => `after ${JSON.stringify(connection.received.slice(0, 500))}`);
}

async function inTime(
  what: string,
  work: Promise<unknown>,
  circumstances: () => string = () => "",
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`Waited in vain for ${what} ${circumstances()}`)),
    LIMIT_MS,
  );
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
