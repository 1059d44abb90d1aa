import type { ClientOptions, OpenAI } from "openai";
import type { CallOptions, Connection, StreamEvent, SubjectOptions } from "../case.ts";
import { chatBody, responseBody } from "./question_bodies.ts";

/** The class of the official client, in any version. */
export type OpenAIClass = typeof OpenAI;

type ResponseBody = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type ResponseStreamBody = OpenAI.Responses.ResponseCreateParamsStreaming;
type ChatBody = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;
type ChatStreamBody = OpenAI.Chat.ChatCompletionCreateParamsStreaming;

/** The options of an OpenAI client, and the parts around it. */
export interface Parts {
  readonly client: ClientOptions;
  /** The objects that a program holds besides the client. */
  readonly held: readonly object[];
  readonly fetch?: Connection["fetch"];
}

/** Connects an OpenAI client that is made from options. */
export function connectOpenAI(
  OpenAI: OpenAIClass,
  partsOf: (options: SubjectOptions) => Parts,
  options: SubjectOptions,
): Connection {
  const parts = partsOf(options);
  const logging = options.log && { logger: loggerOf(options.log), logLevel: "debug" as const };
  const common = { dangerouslyAllowBrowser: true, ...logging };
  return connection(new OpenAI({ ...parts.client, ...common }), parts, partsOf);
}

function connection(
  client: OpenAI,
  { client: { fetch: transport }, held, fetch }: Parts,
  partsOf: (options: SubjectOptions) => Parts,
): Connection {
  return {
    baseURL: client.baseURL,
    held: [client, ...held],
    fetch,
    move: (baseURL) => void (client.baseURL = baseURL),
    async derive(options) {
      const parts = partsOf(options);
      // The newest version would lose its `fetch` together with its provider
      const changes = { provider: parts.client.provider, fetch: transport };
      return connection(client.withOptions(changes), parts, partsOf);
    },
    call(method, path, options = {}) {
      const { body, query } = options;
      const request = { ...requestOptions(options), body, ...(query && { query }) };
      if (method === "GET") return client.get(path, request);
      return method === "POST" ? client.post(path, request) : client.delete(path, request);
    },
    async respond(question, options) {
      const body = responseBody(question) as unknown as ResponseBody;
      const response = await client.responses.create(body, requestOptions(options));
      return { text: response.output_text, response };
    },
    async *streamResponse(question, options) {
      const body = { ...responseBody(question), stream: true } as unknown as ResponseStreamBody;
      const events = await client.responses.create(body, requestOptions(options));
      yield* events as AsyncIterable<unknown> as AsyncIterable<StreamEvent>;
    },
    async chat(question, options) {
      const body = chatBody(question) as unknown as ChatBody;
      const response = await client.chat.completions.create(body, requestOptions(options));
      return { text: response.choices[0]?.message.content ?? "", response };
    },
    async *streamChat(question, options) {
      const body = { ...chatBody(question), stream: true } as unknown as ChatStreamBody;
      yield* await client.chat.completions.create(body, requestOptions(options));
    },
    async upload(file, purpose, options) {
      const body = { file, purpose: purpose as OpenAI.FilePurpose };
      return await client.files.create(body, requestOptions(options));
    },
  };
}

function loggerOf(log: NonNullable<SubjectOptions["log"]>): ClientOptions["logger"] {
  return { error: log, warn: log, info: log, debug: log };
}

function requestOptions(options: CallOptions = {}): OpenAI.RequestOptions {
  const { headers, signal, transportSignal, timeoutMs, maxRetries } = options;
  return {
    ...(headers && { headers: headers as Record<string, string | string[] | undefined> }),
    ...(signal && { signal }),
    // Forbidden by the types of the SDK, but read by some versions
    ...(transportSignal && { fetchOptions: { signal: transportSignal } as object }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    ...(maxRetries !== undefined && { maxRetries }),
  };
}
