import { invalid, notFound } from "./errors.ts";

/** The two families of Bedrock endpoints that speak OpenAI's APIs. */
export type Endpoint = "mantle" | "runtime";
/** The path prefixes under which models are served. */
export type Prefix = "/v1" | "/openai/v1";
/** The OpenAI APIs a model can offer. */
export type Api = "responses" | "chat/completions";

interface Offer {
  readonly prefix: Prefix;
  readonly apis: readonly Api[];
  readonly models: readonly string[];
}

const BOTH: readonly Api[] = ["responses", "chat/completions"];
const CHAT: readonly Api[] = ["chat/completions"];

// Observed: the prefix and APIs of each model, in every Region
// (aws-samples/sample-per-model-bedrock, August 2026); GPT-6 as its launch documents it
const MANTLE: readonly Offer[] = [
  {
    prefix: "/openai/v1",
    apis: BOTH,
    models: [
      "openai.gpt-5.4",
      "openai.gpt-5.4-2026-03-05",
      "openai.gpt-5.5",
      "openai.gpt-5.5-2026-04-23",
      "openai.gpt-5.6-luna",
      "openai.gpt-5.6-sol",
      "openai.gpt-5.6-terra",
      "openai.gpt-6-luna",
      "openai.gpt-6-sol",
      "google.gemma-4-26b-a4b",
      "google.gemma-4-31b",
      "google.gemma-4-e2b",
      "xai.grok-4.3",
      "xai.grok-4.6",
    ],
  },
  { prefix: "/v1", apis: BOTH, models: ["openai.gpt-oss-120b", "openai.gpt-oss-20b"] },
  {
    prefix: "/v1",
    apis: CHAT,
    models: [
      "openai.gpt-oss-safeguard-120b",
      "openai.gpt-oss-safeguard-20b",
      "deepseek.v3.1",
      "deepseek.v3.2",
      "google.gemma-3-12b-it",
      "google.gemma-3-27b-it",
      "google.gemma-3-4b-it",
      "minimax.minimax-m2",
      "minimax.minimax-m2.1",
      "minimax.minimax-m2.5",
      "mistral.devstral-2-123b",
      "mistral.magistral-small-2509",
      "mistral.ministral-3-14b-instruct",
      "mistral.ministral-3-3b-instruct",
      "mistral.ministral-3-8b-instruct",
      "mistral.mistral-large-3-675b-instruct",
      "mistral.voxtral-mini-3b-2507",
      "mistral.voxtral-small-24b-2507",
      "moonshotai.kimi-k2-thinking",
      "moonshotai.kimi-k2.5",
      "nvidia.nemotron-nano-12b-v2",
      "nvidia.nemotron-nano-3-30b",
      "nvidia.nemotron-nano-9b-v2",
      "nvidia.nemotron-super-3-120b",
      "qwen.qwen3-235b-a22b-2507",
      "qwen.qwen3-32b",
      "qwen.qwen3-coder-30b-a3b-instruct",
      "qwen.qwen3-coder-480b-a35b-instruct",
      "qwen.qwen3-coder-next",
      "qwen.qwen3-next-80b-a3b-instruct",
      "qwen.qwen3-vl-235b-a22b-instruct",
      "writer.palmyra-vision-7b",
      "zai.glm-4.6",
      "zai.glm-4.7",
      "zai.glm-4.7-flash",
      "zai.glm-5",
    ],
  },
  // Listed, but only available through the Messages API
  {
    prefix: "/v1",
    apis: [],
    models: [
      "anthropic.claude-fable-5",
      "anthropic.claude-haiku-4-5",
      "anthropic.claude-opus-4-7",
      "anthropic.claude-opus-4-8",
      "anthropic.claude-opus-5",
      "anthropic.claude-sonnet-5",
    ],
  },
];

/** The model ids that `GET /v1/models` lists. */
export const MODEL_IDS: readonly string[] = MANTLE.flatMap(({ models }) => models);

// Documented: runtime serves the newer models through inference profiles only
const PROFILE = /^(?:us|global|us-gov)\.(?:openai\.gpt-(?:5\.6|6)-\w+|xai\.grok-4\.6)$/;
const PROFILE_ONLY = /^(?:openai\.gpt-(?:5\.6|6)-\w+|xai\.grok-4\.6)$/;
// Observed: these support chat, and return 404 for Responses
const RUNTIME_CHAT: readonly string[] = [
  "openai.gpt-oss-120b-1:0",
  "openai.gpt-oss-20b-1:0",
  "openai.gpt-oss-safeguard-120b",
  "openai.gpt-oss-safeguard-20b",
  "qwen.qwen3-32b-v1:0",
];

/** Refuses a model that the endpoint does not serve on this path. */
export function requireModel(endpoint: Endpoint, model: string, prefix: Prefix, api: Api): void {
  if (endpoint === "mantle") requireOnMantle(model, prefix, api);
  else requireOnRuntime(model, api);
}

function requireOnMantle(model: string, prefix: Prefix, api: Api): void {
  const offer = MANTLE.find(({ models }) => models.includes(model));
  if (!offer) throw notFound(`The model '${model}' does not exist`);
  if (offer.prefix === prefix && offer.apis.includes(api)) return;
  // Observed: the text names `/v1` for either prefix
  throw invalid(`The model '${model}' does not support the '/v1/${api}' API`);
}

function requireOnRuntime(model: string, api: Api): void {
  if (PROFILE.test(model)) return;
  if (RUNTIME_CHAT.includes(model)) {
    if (api === "chat/completions") return;
    throw notFound("The model doesn't exist or doesn't support this API");
  }
  if (PROFILE_ONLY.test(model)) {
    throw invalid(
      `Invocation of model ID ${model} with on-demand throughput isn't supported. Retry your ` +
        `request with the ID or ARN of an inference profile that contains this model.`,
    );
  }
  if (MODEL_IDS.includes(model)) throw invalid("The provided model identifier is invalid");
  throw notFound("The model doesn't exist or doesn't support this API");
}

/** Builds an entry of the models list. */
export function modelEntry(id: string): Record<string, unknown> {
  return {
    created: 1764460800,
    data_retention: {
      allowed_modes: ["default", "none", "provider_data_share"],
      mode: "provider_data_share",
      source: "account",
    },
    id,
    object: "model",
    owned_by: "system",
    status: "available",
  };
}
