import type { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import type { CallOptions, Capability, Question, StreamEvent, Subject } from "../case.ts";
import { editFetch, FETCH_ONLY } from "./fetch.ts";
import { withProcessVariables } from "./process_variables.ts";

type Model = ReturnType<ReturnType<typeof createBedrockMantle>["responses"]>;
type ModelCall = Parameters<Model["doGenerate"]>[0];

const LACKS: readonly Capability[] = [
  "call",
  "upload",
  "tokenProvider",
  "runtime",
  "items",
  "retries",
  "lookupTimeout",
  "transportSignal",
  "move",
  "derive",
  "fetch",
  "log",
  "streamBodies",
  ...FETCH_ONLY,
];

/** A model whose objects hold the configuration of the provider. */
const MODEL = "openai.gpt-5.4";

/** Creates the subject of the AI SDK's Mantle provider; its models are called without `ai`. */
export function aiSdk(name: string, create: typeof createBedrockMantle): Subject {
  return withProcessVariables({
    name,
    lacks: LACKS,
    async connect(options, fetch) {
      const { region, accessKeyId, secretAccessKey, sessionToken } = options;
      const { credentialProvider } = options;
      const provider = create({
        region,
        accessKeyId,
        secretAccessKey,
        sessionToken,
        fetch: editFetch(fetch, options.edit),
        apiKey: options.apiKey ?? undefined,
        baseURL: options.baseURL ?? undefined,
        credentialProvider: credentialProvider && (async () => await credentialProvider()),
      });
      return {
        held: [provider, provider.responses(MODEL), provider.chat(MODEL)],
        respond: (question, call) => generate(provider.responses(question.model), question, call),
        chat: (question, call) => generate(provider.chat(question.model), question, call),
        streamResponse: (question, call) => stream(provider.responses, question, call),
        streamChat: (question, call) => stream(provider.chat, question, call),
      };
    },
  });
}

async function generate(model: Model, question: Question, call?: CallOptions) {
  const { content, response } = await model.doGenerate(modelCall(question, call));
  const text = content.map((part) => part.type === "text" ? part.text : "").join("");
  return { text, response: response?.body };
}

async function* stream(
  modelOf: (id: string) => Model,
  question: Question,
  call?: CallOptions,
): AsyncGenerator<StreamEvent> {
  const options = { ...modelCall(question, call), includeRawChunks: true };
  const reader = (await modelOf(question.model).doStream(options)).stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value.type === "error") throw value.error;
      if (value.type === "raw") yield value.rawValue as StreamEvent;
    }
  } finally {
    await reader.cancel();
  }
}

function modelCall({ input }: Question, { headers, signal }: CallOptions = {}): ModelCall {
  const content = [{ type: "text" as const, text: String(input) }];
  const joined = Object.entries(headers ?? {}).map(([name, value]) =>
    [name, Array.isArray(value) ? value.join(", ") : value] as const
  );
  return {
    prompt: [{ role: "user", content }],
    headers: Object.fromEntries(joined) as Record<string, string | undefined>,
    abortSignal: signal,
  };
}
