import type { bedrock, BedrockProviderOptions } from "../../mod.ts";
import type { CallOptions, Capability, StreamEvent, Subject } from "../case.ts";
import { editFetch } from "./fetch.ts";
import { readContent, readError, readEvents, readJson } from "./fetch_responses.ts";
import { mint } from "./mint.ts";
import { chatBody, responseBody } from "./question_bodies.ts";
import { foundVariables } from "./variables.ts";

const LACKS: readonly Capability[] = ["retries", "transportSignal", "move", "derive", "log"];

/**
 * Creates the subject of this module's `url` and `fetch`, as a program without a client uses
 * them.
 */
export function oursFetch(name: string, configure: typeof bedrock): Subject {
  return {
    name,
    lacks: LACKS,
    mintKey: mint,
    async connect({ env = {}, log: _, edit, ...rest }, transport) {
      const own = { ...rest, env: foundVariables(env), fetch: transport } as BedrockProviderOptions;
      const configured = configure(own);
      const fetch = editFetch(configured.fetch, edit);
      const send = async (method: string, path: string, options: CallOptions = {}) => {
        const url = URL.canParse(path) ? path : configured.url + path;
        const response = await fetch(url + queryOf(options), initOf(method, options));
        if (!response.ok) throw await readError(response);
        return response;
      };
      const post = (path: string, body: unknown, options?: CallOptions) =>
        send("POST", path, { ...options, body });
      return {
        baseURL: configured.url,
        held: [configured],
        fetch: configured.fetch,
        call: async (method, path, options) => await readContent(await send(method, path, options)),
        async respond(question, options) {
          const body = responseBody(question);
          const response = await readJson<ResponseObject>(await post("/responses", body, options));
          return { text: textOf(response), response };
        },
        async *streamResponse(question, options) {
          const body = { ...responseBody(question), stream: true };
          yield* readEvents<StreamEvent>(await post("/responses", body, options));
        },
        async chat(question, options) {
          const body = chatBody(question);
          const response = await readJson<ChatObject>(
            await post("/chat/completions", body, options),
          );
          return { text: response.choices[0]?.message.content ?? "", response };
        },
        async *streamChat(question, options) {
          const body = { ...chatBody(question), stream: true };
          yield* readEvents(await post("/chat/completions", body, options));
        },
        async upload(file, purpose, options) {
          const form = new FormData();
          form.set("purpose", purpose);
          form.set("file", file);
          return await readContent(await post("/files", form, options));
        },
      };
    },
  };
}

interface ResponseObject {
  readonly output: readonly {
    readonly content?: readonly { readonly type: string; readonly text?: string }[];
  }[];
}

interface ChatObject {
  readonly choices: readonly { readonly message: { readonly content: string | null } }[];
}

function textOf({ output }: ResponseObject): string {
  return output.flatMap(({ content = [] }) => content)
    .map(({ type, text }) => type === "output_text" ? text : "").join("");
}

/** Builds the `init` of a call; a signal takes the place of a time limit. */
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
