import type { Case, Context, SubjectOptions } from "../../case.ts";
import { equal } from "../../check.ts";
import { changesConnection, changesRequest, changesText } from "../../subjects/faults.ts";
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
      equal(events.map((event) => event.sequence_number), [...events.keys()], "Sequence numbers");
      equal(textOf(events), GREETING, "Text of the deltas");
    },
    negative: keys
      ? changesRequest((request) => void (request.url += "?added=1"))
      : changesText((text) => text.replace('"delta":" You"', '"delta":""')),
  };
}

const responses: readonly Streamed[] = [
  {
    id: "streamed-response",
    title: "A streamed response of a gpt-5 model arrives complete and in order, without [DONE]",
    model: MODEL,
    keys: false,
    options: (context) => withToken(context),
  },
  {
    id: "streamed-response-on-v1",
    title: "A streamed response of a gpt-oss model arrives complete, with its reasoning first",
    model: V1_MODEL,
    keys: false,
    options: (context) => withToken(context, "/v1"),
  },
  {
    id: "streamed-response-signed",
    title: "A streamed response to a request with session keys arrives complete",
    model: MODEL,
    keys: true,
    options: (context) => withKeys(context, context.sessionCredentials),
  },
];

const withoutYou = changesText((text) => text.replace(/data: .*"content":" You".*\n\n/, ""));

const chats: Case = {
  id: "service/streamed-chat",
  title: "A streamed chat ends without an error with [DONE] (/openai/v1) and without (/v1)",
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
  title: "A chat whose usual [DONE] is missing ends without an error",
  source: BIFROST_5871,
  needs: ["streamChat"],
  mantle: { misbehaviours: [{ kind: "no-done" }] },
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    equal(chatText(await chunksOf(connection, MODEL, ONCE)), GREETING, "Text");
  },
  negative: changesConnection(({ streamChat, ...rest }) => ({
    ...rest,
    async *streamChat(...args) {
      yield* streamChat?.(...args) ?? [];
      throw new Error("The stream ended without [DONE]");
    },
  })),
};

export const streams: readonly Case[] = [...responses.map(streamed), chats, missingDone];
