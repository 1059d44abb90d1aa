import type { Case, Connection } from "../case.ts";
import { equal, match, ok, within } from "../check.ts";
import { changesCalls, changesOptions } from "../subjects/faults.ts";
import { failureOf } from "./failures.ts";
import { ask, evenIfRefused, withToken } from "./steps.ts";
import { type Chunk, QUESTION } from "./streams.ts";
import { BIFROST_5871, NODE_2478 } from "./sources.ts";

/** The time that a call may take on a busy machine until its idle timeout has ended it. */
const PATIENCE_MS = 4_000;

/** Sets a time limit for calls that the idle timeout does not end. */
const ONCE = { maxRetries: 0, timeoutMs: 2 * PATIENCE_MS };

const LINE = `data: {"choices":[]}\n\n`;
const USAGE = `data: {"choices":[],"usage":{"total_tokens":8}}\n\n`;

/** Responds in pieces, which are some milliseconds apart, then ends or falls silent. */
function pieces(gapMs: number, count: number, ends: boolean, line = LINE): Response {
  let left = count;
  const body = new ReadableStream({
    async pull(controller) {
      if (left-- > 0) {
        await new Promise((resolve) => setTimeout(resolve, gapMs));
        return controller.enqueue(new TextEncoder().encode(line));
      }
      if (ends) return controller.close();
      await new Promise(() => {});
    },
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

async function chunksIn({ streamChat }: Connection): Promise<number> {
  ok(streamChat, "The subject does not offer `streamChat`");
  let count = 0;
  for await (const _ of streamChat(QUESTION, ONCE)) count++;
  return count;
}

const silent: Case = {
  id: "bodies/silent-stream-ends",
  title: "A stream that stays silent for longer than the idle timeout ends in an error",
  source: BIFROST_5871,
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  handle: () => pieces(1, 2, false),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 50 };
    const counted = chunksIn(await subject.connect(options, context.fetch));
    const error = await failureOf(within(PATIENCE_MS, counted, "The stream does not end"));
    equal((error as Error).name, "TimeoutError", "Name of the error");
    match((error as Error).message, /50 ms/, "Message");
  },
  negative: changesOptions(({ idleTimeoutMs: _, ...rest }) => rest),
};

const leftOpen: Case = {
  id: "bodies/left-open-after-the-usage",
  title: "A chat whose body stays open after its usage, without [DONE], does not hang",
  source: BIFROST_5871,
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  handle: () => pieces(1, 1, false, USAGE),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 500 };
    const { streamChat } = await subject.connect(options, context.fetch);
    ok(streamChat, "The subject does not offer `streamChat`");
    const chunks: Chunk[] = [];
    const read = async () => {
      for await (const chunk of streamChat(QUESTION, ONCE)) chunks.push(chunk as Chunk);
    };
    // A client may treat that as an end or as an error
    await evenIfRefused(within(PATIENCE_MS, read(), "The stream does not end"));
    equal(chunks.at(-1)?.usage?.total_tokens, 8, "Tokens of the usage");
  },
  negative: changesOptions(({ idleTimeoutMs: _, ...rest }) => rest),
};

const slow: Case = {
  id: "bodies/slow-stream-goes-on",
  title:
    "A stream that takes longer than the idle timeout in all, but is never silent, arrives complete",
  source: BIFROST_5871,
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  handle: () => pieces(100, 16, true),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 1_500 };
    equal(await chunksIn(await subject.connect(options, context.fetch)), 16, "Chunks");
  },
  negative: changesCalls((options) => ({ ...options, signal: AbortSignal.timeout(1_500) })),
};

const silentResponse: Case = {
  id: "bodies/silent-response-ends",
  title: "A response whose headers arrive, but whose body does not, ends in an error",
  source: NODE_2478,
  own: true,
  needs: ["respond", "idleTimeout"],
  waits: true,
  handle: () =>
    new Response(new ReadableStream(), { headers: { "content-type": "application/json" } }),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 50 };
    const asked = ask(await subject.connect(options, context.fetch), ONCE);
    // Not compared: browsers replace the error when they read a whole body
    await failureOf(within(PATIENCE_MS, asked, "The call does not end"));
  },
  negative: changesOptions(({ idleTimeoutMs: _, ...rest }) => rest),
};

export const silences: readonly Case[] = [silent, leftOpen, slow, silentResponse];
