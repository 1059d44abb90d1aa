import type { bedrock, BedrockProviderOptions } from "../../mod.ts";
import type { CallOptions, Capability, StreamEvent, Subject } from "../case.ts";
import { edited } from "./edited.ts";
import { minted } from "./minted.ts";
import { answerOf, eventsOf, failureOf, jsonOf } from "./plain_answers.ts";
import { chatBody, responseBody } from "./question_bodies.ts";
import { foundVariables } from "./variables.ts";

const LACKS: readonly Capability[] = ["retries", "transportSignal", "move", "derive", "log"];

/** This module's `url` and `fetch` as a program uses them that has no client at all. */
export function oursFetch(name: string, configure: typeof bedrock): Subject {
  return {
    name,
    lacks: LACKS,
    mintKey: minted,
    async connect({ env = {}, log: _, edit, ...rest }, transport) {
      const own = { ...rest, env: foundVariables(env), fetch: transport } as BedrockProviderOptions;
      const configured = configure(own);
      const fetch = edited(configured.fetch, edit);
      const send = async (method: string, path: string, options: CallOptions = {}) => {
        const url = URL.canParse(path) ? path : configured.url + path;
        const answer = await fetch(url + queryOf(options), initOf(method, options));
        if (!answer.ok) throw await failureOf(answer);
        return answer;
      };
      const post = (path: string, body: unknown, options?: CallOptions) =>
        send("POST", path, { ...options, body });
      return {
        baseURL: configured.url,
        held: [configured],
        fetch: configured.fetch,
        call: async (method, path, options) => await answerOf(await send(method, path, options)),
        async respond(question, options) {
          const answer = await jsonOf<Answered>(
            await post("/responses", responseBody(question), options),
          );
          return { text: textOf(answer), answer };
        },
        async *streamResponse(question, options) {
          const body = { ...responseBody(question), stream: true };
          yield* eventsOf<StreamEvent>(await post("/responses", body, options));
        },
        async chat(question, options) {
          const body = chatBody(question);
          const answer = await jsonOf<Chatted>(await post("/chat/completions", body, options));
          return { text: answer.choices[0]?.message.content ?? "", answer };
        },
        async *streamChat(question, options) {
          const body = { ...chatBody(question), stream: true };
          yield* eventsOf(await post("/chat/completions", body, options));
        },
        async upload(file, purpose, options) {
          const form = new FormData();
          form.set("purpose", purpose);
          form.set("file", file);
          return await answerOf(await post("/files", form, options));
        },
      };
    },
  };
}

interface Answered {
  readonly output: readonly {
    readonly content?: readonly { readonly type: string; readonly text?: string }[];
  }[];
}

interface Chatted {
  readonly choices: readonly { readonly message: { readonly content: string | null } }[];
}

function textOf({ output }: Answered): string {
  return output.flatMap(({ content = [] }) => content)
    .map(({ type, text }) => type === "output_text" ? text : "").join("");
}

/** A signal stands in the place of a time limit. */
function initOf(method: string, { body, headers, signal, timeoutMs }: CallOptions): RequestInit {
  const all = new Headers();
  for (const [name, value = []] of Object.entries(headers ?? {})) {
    for (const each of [value].flat()) all.append(name, each);
  }
  const isJson = body?.constructor === Object;
  if (isJson && !all.has("content-type")) all.set("content-type", "application/json");
  const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  return {
    method,
    headers: all,
    body: isJson ? JSON.stringify(body) : body as BodyInit | undefined,
    signal: signal ?? limit,
  };
}

function queryOf({ query = {} }: CallOptions): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((each) => [name, each])
  );
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}
