import type { Case, Context, SubjectOptions } from "../case.ts";
import { equal } from "../check.ts";
import { changesRequest, type Fault, sendsWhenRefused } from "../subjects/faults.ts";
import { call, derived, empty, last, MODEL, refuses, V1_MODEL } from "./steps.ts";
import { MANTLE_GUIDE, NODE_2410, NOTEBOOKS } from "./sources.ts";

const UNKNOWN = "example.model-1";

/** Sends all requests below the same path. */
function always(prefix: "/v1" | "/openai/v1"): Fault {
  return changesRequest((request) => {
    const url = new URL(request.url);
    url.pathname = url.pathname.replace(/^(?:\/\w+)?\/v1\//, `${prefix}/`);
    request.url = url.href;
  });
}

type CallArguments = readonly [method: "GET" | "POST" | "DELETE", path: string, body?: unknown];

interface Routed {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly needs?: Case["needs"];
  readonly options?: (context: Context) => SubjectOptions;
  /** The requests, with the path prefix that each must be sent to. */
  readonly requests: readonly (readonly [prefix: string, request: CallArguments])[];
  readonly negative: Fault;
}

function routed({ source = MANTLE_GUIDE, needs = [], options, requests, ...about }: Routed): Case {
  return {
    ...about,
    id: `routes/${about.id}`,
    source,
    own: true,
    needs: ["call", "routes", ...needs],
    handle: empty,
    async run(subject, context) {
      const wanted = { ...derived(context), ...options?.(context) };
      const connection = await subject.connect(wanted, context.fetch);
      for (const [prefix, [method, path, body]] of requests) {
        await call(connection, method, path, body === undefined ? {} : { body });
        const { pathname, search } = new URL(last(context).url);
        const model = (body as { model?: unknown } | undefined)?.model ?? "no model";
        equal(pathname + search, prefix + path, `${method} ${path} with ${model}`);
      }
    },
  };
}

const under = (prefix: string, models: readonly string[], path = "/responses") =>
  models.map((model) => [prefix, ["POST", path, { model, input: "Say hello!" }]] as const);

const FAMILIES = {
  "/openai/v1": ["openai.gpt-5.4", "openai.gpt-6-sol", "google.gemma-4-31b", "xai.grok-4.3"],
  "/v1": [
    V1_MODEL,
    "openai.gpt-oss-safeguard-20b",
    "google.gemma-3-4b-it",
    "deepseek.v3.2",
    "minimax.minimax-m2",
    "mistral.ministral-3-3b-instruct",
    "moonshotai.kimi-k2-thinking",
    "nvidia.nemotron-nano-9b-v2",
    "qwen.qwen3-32b",
    "writer.palmyra-x5",
    "zai.glm-4.6",
  ],
};

const encoded = (model: string) => new TextEncoder().encode(JSON.stringify({ input: "", model }));

function formOf(model: string): FormData {
  const form = new FormData();
  form.set("model", model);
  return form;
}

const nested = { input: [{ model: MODEL }], note: `"model":"${MODEL}"`, model: V1_MODEL };

const routes: readonly Routed[] = [
  {
    id: "by-family-of-the-model",
    title: "A request goes to the path that serves the family of its model",
    source: NOTEBOOKS,
    requests: Object.entries(FAMILIES).flatMap(([prefix, models]) => [
      ...under(prefix, models),
      ...under(prefix, models.slice(0, 1), "/chat/completions?a=1"),
    ]),
    negative: always("/v1"),
  },
  {
    id: "unknown-models-and-none",
    title: "A request for an unknown model, or without a model, goes to /openai/v1",
    requests: [
      ...under("/openai/v1", [UNKNOWN]),
      ["/openai/v1", ["POST", "/responses", {}]],
      ["/openai/v1", ["GET", "/responses/resp_unknown"]],
      ["/openai/v1", ["GET", "/conversations/conv_1"]],
    ],
    negative: always("/v1"),
  },
  {
    id: "control-plane",
    title: "Models, files, fine-tuning and organization go to /v1, whatever the model",
    source: NOTEBOOKS,
    requests: [
      ["/v1", ["GET", "/models"]],
      ["/v1", ["GET", `/models/${MODEL}`]],
      ["/v1", ["GET", "/files?limit=1"]],
      ["/v1", ["DELETE", "/files/file-1"]],
      ["/v1", ["POST", "/fine_tuning/jobs", { model: MODEL }]],
      ["/v1", ["GET", "/organization/projects"]],
    ],
    negative: always("/openai/v1"),
  },
  {
    id: "model-of-any-body",
    title: "The model is found in bytes, blobs and forms, but not in nested fields",
    requests: [
      ["/v1", ["POST", "/responses", nested]],
      ["/v1", ["POST", "/responses", encoded(V1_MODEL)]],
      ["/v1", ["POST", "/responses", new Blob([encoded(V1_MODEL)], { type: "application/json" })]],
      ["/v1", ["POST", "/audio/transcriptions", formOf(V1_MODEL)]],
    ],
    negative: always("/openai/v1"),
  },
  {
    id: "own-base-url-is-left-alone",
    title: "An explicit base URL is used unchanged, whatever the model",
    options: ({ baseURL, region }) => ({ endpoint: "mantle", region, baseURL }),
    requests: [
      ...under("/openai/v1", [MODEL, V1_MODEL, "google.gemma-3-4b-it"]),
      ["/openai/v1", ["GET", "/models"]],
    ],
    negative: always("/v1"),
  },
  {
    id: "base-url-of-a-variable-is-left-alone",
    title: "A base URL from AWS_BEDROCK_BASE_URL is used unchanged, whatever the model",
    needs: ["variables"],
    options: () => ({ env: { AWS_BEDROCK_BASE_URL: "https://gateway.example/v1" } }),
    requests: [...under("/v1", [MODEL, V1_MODEL]), ["/v1", ["GET", "/models"]]],
    negative: always("/openai/v1"),
  },
  {
    id: "runtime-has-one-path",
    title: "Requests to Bedrock Runtime go to /openai/v1, whatever the model",
    source: NOTEBOOKS,
    needs: ["runtime"],
    options: () => ({ endpoint: "runtime" }),
    requests: under("/openai/v1", [V1_MODEL, "us.openai.gpt-5.6-luna", "qwen.qwen3-32b"]),
    negative: always("/v1"),
  },
  {
    id: "own-routes-come-first",
    title: "The program's own routes take precedence, as text, with a star or as an expression",
    options: () => ({
      routes: [[MODEL, "/v1"], ["openai.*-oss-*b", "/own/v2"], [/^example\./, "/other/v1"]],
    }),
    requests: [
      ...under("/v1", [MODEL]),
      ...under("/own/v2", [V1_MODEL]),
      ...under("/other/v1", [UNKNOWN]),
      ...under("/openai/v1", [`${MODEL}-2`, `an.${UNKNOWN}`]),
      ["/v1", ["GET", "/models"]],
    ],
    negative: always("/openai/v1"),
  },
];

/** Prefixes that could form another host, or lead out of the base path. */
const HOSTILE = ["//evil.example", "@evil.example/v1", ".evil.example", ":8443/v1", "v1", "", "/"];
const MISPLACED = ["/v1/../..", "/%2e%2e", "/v1?a=", "/v1#", "/v1\\evil", "/v1/", "/v1\n", "/v1 "];

const hostile: Case = {
  id: "routes/prefix-that-leads-elsewhere",
  title: "A route whose prefix could lead to another host or path is refused",
  source: NODE_2410,
  own: true,
  needs: ["respond", "routes"],
  handle: empty,
  async run(subject, context) {
    for (const prefix of [...HOSTILE, ...MISPLACED]) {
      const options = { ...derived(context), routes: [[MODEL, prefix as "/"]] as const };
      await refuses(subject, context, options, `the prefix ${JSON.stringify(prefix)}`);
    }
  },
  negative: sendsWhenRefused,
};

export const routing: readonly Case[] = [...routes.map(routed), hostile];
