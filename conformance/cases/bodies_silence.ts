import type { Case, Connection } from "../case.ts";
import { equal, match, ok, within } from "../check.ts";
import { calls, configures } from "../subjects/faults.ts";
import { failureOf } from "./failures.ts";
import { ask, withToken } from "./steps.ts";
import { QUESTION } from "./streams.ts";

/** So long may it take on a busy machine where the limit for silence is to end a call at once. */
const PATIENCE_MS = 4_000;

/** What a limit for silence does not end, one for the whole does. */
const ONCE = { maxRetries: 0, timeoutMs: 2 * PATIENCE_MS };

const LINE = `data: {"choices":[]}\n\n`;

/** Comes in pieces, so many milliseconds apart; at last nothing comes any more. */
function pieces(gapMs: number, count: number, ends: boolean): Response {
  let left = count;
  const body = new ReadableStream({
    async pull(controller) {
      if (left-- > 0) {
        await new Promise((resolve) => setTimeout(resolve, gapMs));
        return controller.enqueue(new TextEncoder().encode(LINE));
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
  source: "https://github.com/maximhq/bifrost/issues/5871",
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

const slow: Case = {
  id: "bodies/slow-stream-goes-on",
  title:
    "A stream that takes longer than the limit, but is never silent for so long, arrives whole",
  source: "https://github.com/maximhq/bifrost/issues/5871",
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  answer: () => pieces(100, 10, true),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 800 };
    equal(await chunksIn(await subject.connect(options, context.fetch)), 10, "Chunks");
  },
  negative: calls((options) => ({ ...options, signal: AbortSignal.timeout(800) })),
};

const silentAnswer: Case = {
  id: "bodies/silent-answer-ends",
  title: "An answer whose headers came, and whose body does not, ends in an error",
  source: "https://github.com/openai/openai-node/issues/2478",
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

export const silences: readonly Case[] = [silent, slow, silentAnswer];
