import type { Case, Connection } from "../case.ts";
import { equal, match, ok, within } from "../check.ts";
import { calls, configures } from "../subjects/faults.ts";
import { failureOf } from "./failures.ts";
import { ask, evenIfRefused, withToken } from "./steps.ts";
import { type Chunk, QUESTION } from "./streams.ts";
import { BIFROST_5871, NODE_2478 } from "./sources.ts";

/** So long may it take on a busy machine where the limit for silence is to end a call at once. */
const PATIENCE_MS = 4_000;

/** What a limit for silence does not end, one for the whole does. */
const ONCE = { maxRetries: 0, timeoutMs: 2 * PATIENCE_MS };

const LINE = `data: {"choices":[]}\n\n`;
const USAGE = `data: {"choices":[],"usage":{"total_tokens":8}}\n\n`;

/** Comes in pieces, so many milliseconds apart; at last nothing comes any more. */
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
  title: "A stream that stays silent for longer than the limit ends in an error",
  source: BIFROST_5871,
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  answer: () => pieces(1, 2, false),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 50 };
    const counted = chunksIn(await subject.connect(options, context.fetch));
    const error = await failureOf(within(PATIENCE_MS, counted, "The stream goes on"));
    equal((error as Error).name, "TimeoutError", "Name of the error");
    match((error as Error).message, /50 ms/, "Message");
  },
  negative: configures(({ idleTimeoutMs: _, ...rest }) => rest),
};

const leftOpen: Case = {
  id: "bodies/left-open-after-the-usage",
  title: "A chat whose body stays open after its usage, without [DONE], is not waited for for ever",
  source: BIFROST_5871,
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  answer: () => pieces(1, 1, false, USAGE),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 500 };
    const { streamChat } = await subject.connect(options, context.fetch);
    ok(streamChat, "The subject does not offer `streamChat`");
    const chunks: Chunk[] = [];
    const read = async () => {
      for await (const chunk of streamChat(QUESTION, ONCE)) chunks.push(chunk as Chunk);
    };
    // Whether that is an end or an error is the client's choice
    await evenIfRefused(within(PATIENCE_MS, read(), "The stream is waited for"));
    equal(chunks.at(-1)?.usage?.total_tokens, 8, "Tokens of the usage");
  },
  negative: configures(({ idleTimeoutMs: _, ...rest }) => rest),
};

const slow: Case = {
  id: "bodies/slow-stream-goes-on",
  title:
    "A stream that takes longer than the limit, but is never silent for so long, arrives whole",
  source: BIFROST_5871,
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  answer: () => pieces(100, 16, true),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 1_500 };
    equal(await chunksIn(await subject.connect(options, context.fetch)), 16, "Chunks");
  },
  negative: calls((options) => ({ ...options, signal: AbortSignal.timeout(1_500) })),
};

const silentAnswer: Case = {
  id: "bodies/silent-answer-ends",
  title: "An answer whose headers came, and whose body does not, ends in an error",
  source: NODE_2478,
  own: true,
  needs: ["respond", "idleTimeout"],
  waits: true,
  answer: () =>
    new Response(new ReadableStream(), { headers: { "content-type": "application/json" } }),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 50 };
    const asked = ask(await subject.connect(options, context.fetch), ONCE);
    // What reads a whole body in a browser makes another error of any
    await failureOf(within(PATIENCE_MS, asked, "The answer is waited for"));
  },
  negative: configures(({ idleTimeoutMs: _, ...rest }) => rest),
};

export const silences: readonly Case[] = [silent, leftOpen, slow, silentAnswer];
