import type { Case, Operation } from "../../case.ts";
import { equal, ok, rejects } from "../../check.ts";
import { changesRequest } from "../../subjects/faults.ts";
import { call, MODEL, V1_MODEL, withKeys, withToken } from "../steps.ts";
import { acceptsRefusals, GREETING, respond, showsRefusal } from "./steps.ts";
import { NOTEBOOKS } from "../sources.ts";

/** A model that supports chats only, and no Responses. */
const CHAT_MODEL = "deepseek.v3.2";

const listed: Case = {
  id: "service/models-listed-on-v1",
  title: "The models of both families are listed and retrieved on /v1, and not on /openai/v1",
  source: NOTEBOOKS,
  needs: ["call", "sigv4"],
  mantle: {},
  async run(subject, context) {
    const signed = withKeys(context, context.credentials, "/v1");
    const onV1 = await subject.connect(signed, context.fetch);
    const { data } = await call(onV1, "GET", "/models") as { data: { id: string }[] };
    const ids = data.map(({ id }) => id);
    for (const id of [MODEL, V1_MODEL]) ok(ids.includes(id), `${id} is not listed`);
    const found = await call(onV1, "GET", `/models/${V1_MODEL}`) as { id: string };
    equal(found.id, V1_MODEL, "Retrieved model");
    const elsewhere = await subject.connect(withKeys(context), context.fetch);
    const asked = call(elsewhere, "GET", "/models", { maxRetries: 0 });
    showsRefusal(await rejects(asked, "Models are listed on /openai/v1"), 404, [], context);
  },
  negative: acceptsRefusals,
};

const families: Case = {
  id: "service/both-families-served",
  title: "A gpt-5 model responds on /openai/v1 and a gpt-oss model on /v1",
  source: NOTEBOOKS,
  needs: ["respond", "chat"],
  mantle: {},
  async run(subject, context) {
    for (const [model, root] of [[MODEL, "/openai/v1"], [V1_MODEL, "/v1"]] as const) {
      const connection = await subject.connect(withToken(context, root), context.fetch);
      equal((await respond(connection, { model })).text, GREETING, `Response of ${model}`);
      const chat = await connection.chat?.({ model, input: "Say hello!" }, { maxRetries: 0 });
      equal(chat?.text, GREETING, `Chat with ${model}`);
    }
  },
  negative: changesRequest((request) => {
    request.url = request.url.replace(/\/(?:openai\/)?v1\//, "/openai/v1/");
  }),
};

interface Unserved {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly root?: "/v1";
  readonly operation: Operation & ("respond" | "chat");
  readonly status: number;
  readonly message: string;
}

function unserved({ id, title, model, root, operation, status, message }: Unserved): Case {
  return {
    id: `service/${id}`,
    title,
    source: NOTEBOOKS,
    needs: [operation],
    mantle: {},
    async run(subject, context) {
      const connection = await subject.connect(withToken(context, root), context.fetch);
      const ask = connection[operation];
      ok(ask, `The subject does not offer \`${operation}\``);
      const asked = ask({ model, input: "Say hello!" }, { maxRetries: 0 });
      const error = await rejects(asked, "The refusal counts as a success");
      showsRefusal(error, status, [message], context);
    },
    negative: acceptsRefusals,
  };
}

const refusals: readonly Unserved[] = [
  {
    id: "gpt-on-v1-refused",
    title: "A gpt-5 model on /v1 is refused with the service's message",
    model: MODEL,
    root: "/v1",
    operation: "respond",
    status: 400,
    message: `The model '${MODEL}' does not support the '/v1/responses' API`,
  },
  {
    id: "gpt-oss-on-openai-v1-refused",
    title: "A gpt-oss model on /openai/v1 is refused with the service's message",
    model: V1_MODEL,
    operation: "chat",
    status: 400,
    message: `The model '${V1_MODEL}' does not support the '/v1/chat/completions' API`,
  },
  {
    id: "chat-model-without-responses-refused",
    title: "The error about a model without the Responses API says so",
    model: CHAT_MODEL,
    root: "/v1",
    operation: "respond",
    status: 400,
    message: `The model '${CHAT_MODEL}' does not support the '/v1/responses' API`,
  },
  {
    id: "unknown-model-refused",
    title: "The error about a model that does not exist has status 404 and names it",
    model: "openai.gpt-0",
    operation: "chat",
    status: 404,
    message: "The model 'openai.gpt-0' does not exist",
  },
];

export const models: readonly Case[] = [listed, families, ...refusals.map(unserved)];
