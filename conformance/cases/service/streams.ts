import type { Case, Context, SubjectOptions } from "../../case.ts";
import { equal } from "../../check.ts";
import { onConnection, receivesText, sends } from "../../subjects/faults.ts";
import { MODEL, V1_MODEL, withKeys, withToken } from "../steps.ts";
import { chatText, chunksOf, eventsOf, textOf } from "../streams.ts";
import { GREETING, ONCE } from "./steps.ts";
import { BEDROCK_GUIDE, BIFROST_5871, BIFROST_7065 } from "../sources.ts";

interface Streamed {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly keys: boolean;
  readonly options: (context: Context) => SubjectOptions;
}

function streamed({ id, title, model, keys, options }: Streamed): Case {
  return {
    id: `service/${id}`,
    title,
    source: BEDROCK_GUIDE,
    needs: keys ? ["streamResponse", "sigv4"] : ["streamResponse"],
    mantle: {},
    async run(subject, context) {
      const connection = await subject.connect(options(context), context.fetch);
      const events = await eventsOf(connection, model, ONCE);
      equal(events[0]?.type, "response.created", "First event");
      equal(events.at(-1)?.type, "response.completed", "Last event");
      equal(events.map((event) => event.sequence_number), [...events.keys()], "Numbers of events");
      equal(textOf(events), GREETING, "Text of the deltas");
    },
    negative: keys
      ? sends((request) => void (request.url += "?added=1"))
      : receivesText((text) => text.replace('"delta":" You"', '"delta":""')),
  };
}

const responses: readonly Streamed[] = [
  {
    id: "streamed-response",
    title: "A streamed response of a gpt-5 model arrives whole and in order, without [DONE]",
    model: MODEL,
    keys: false,
    options: (context) => withToken(context),
  },
  {
    id: "streamed-response-on-v1",
    title: "A streamed response of a gpt-oss model arrives whole, its reasoning before its text",
    model: V1_MODEL,
    keys: false,
    options: (context) => withToken(context, "/v1"),
  },
  {
    id: "streamed-response-signed",
    title: "A streamed response that was asked for with session keys arrives whole",
    model: MODEL,
    keys: true,
    options: (context) => withKeys(context, context.sessionCredentials),
  },
];

const withoutYou = receivesText((text) => text.replace(/data: .*"content":" You".*\n\n/, ""));

const chats: Case = {
  id: "service/streamed-chat",
  title: "A streamed chat ends well with [DONE], as on /openai/v1, and without, as on /v1",
  source: BIFROST_7065,
  needs: ["streamChat"],
  mantle: {},
  async run(subject, context) {
    for (const [model, root] of [[MODEL, "/openai/v1"], [V1_MODEL, "/v1"]] as const) {
      const connection = await subject.connect(withToken(context, root), context.fetch);
      equal(chatText(await chunksOf(connection, model, ONCE)), GREETING, `Text of ${model}`);
    }
  },
  negative: withoutYou,
};

const missingDone: Case = {
  id: "service/missing-done",
  title: "A chat whose [DONE] is missing where it usually comes ends well",
  source: BIFROST_5871,
  needs: ["streamChat"],
  mantle: { misbehaviours: [{ kind: "no-done" }] },
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    equal(chatText(await chunksOf(connection, MODEL, ONCE)), GREETING, "Text");
  },
  negative: onConnection(({ streamChat, ...rest }) => ({
    ...rest,
    async *streamChat(...args) {
      yield* streamChat?.(...args) ?? [];
      throw new Error("The stream ended without [DONE]");
    },
  })),
};

export const streams: readonly Case[] = [...responses.map(streamed), chats, missingDone];
