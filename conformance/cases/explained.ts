import type { Case, Context, SubjectOptions } from "../case.ts";
import { cassette, type CassetteId } from "../cassettes/mod.ts";
import { equal } from "../check.ts";
import { askModel, dropsMessages, errorIn, explains, failureOf } from "./failures.ts";
import { onRuntime } from "./runtime.ts";
import { derived, MODEL, V1_MODEL, withKeys, withToken } from "./steps.ts";
import {
  CODEX_23650,
  CODEX_28992,
  CODEX_37246,
  EXPIRED_TOKEN,
  KEYS,
  LITELLM_31476,
  LITELLM_33094,
  MANTLE_GUIDE,
  NOTEBOOKS,
} from "./sources.ts";

const RUNTIME_MODEL = "us.openai.gpt-5.6-luna";

interface Explained {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** The cassette whose first exchange is the failure. */
  readonly cassette: CassetteId;
  readonly needs?: Case["needs"];
  readonly options?: (context: Context) => SubjectOptions;
  readonly way?: "respond" | "chat";
  readonly model?: string;
  /** The expected advice. */
  readonly advice: readonly RegExp[];
}

function explained(
  {
    cassette: id,
    needs = [],
    options = withToken,
    way = "respond",
    model = MODEL,
    advice,
    ...about
  }: Explained,
): Case {
  const [exchange] = cassette(id).exchanges;
  return {
    ...about,
    id: `explained/${about.id}`,
    own: true,
    needs: [way, "explains", ...needs],
    cassette: id,
    async run(subject, context) {
      const connection = await subject.connect(options(context), context.fetch);
      const error = await failureOf(askModel(connection, way, model));
      explains(error, errorIn(exchange?.response), advice, context);
      equal(context.sent.length, 1, "Requests");
    },
    negative: dropsMessages,
  };
}

const runtimeWithToken = (context: Context) => ({
  ...onRuntime(context),
  apiKey: context.bearerToken,
});
const withSession = (context: Context) => withKeys(context, context.sessionCredentials);

const all: readonly Explained[] = [
  {
    id: "wrong-path-by-400",
    title: "The error about a model on the wrong path, with status 400, names the base URL to set",
    source: NOTEBOOKS,
    cassette: "errors/gpt_on_v1",
    options: (context) => withToken(context, "/v1"),
    advice: [/one path/, /`baseURL` to https?:\/\/[^ ]+\/openai\/v1\./],
  },
  {
    id: "wrong-path-of-a-known-route",
    title: "The error about a wrong path from the program's own routes names the route to set",
    source: NOTEBOOKS,
    cassette: "errors/gpt_oss_on_openai_v1",
    options: (context) => ({ ...derived(context), routes: [[V1_MODEL, "/openai/v1"]] }),
    model: V1_MODEL,
    advice: [/one path/, /`routes` to \[\["openai\.gpt-oss-120b", "\/v1"\]\]/],
  },
  {
    id: "wrong-path-by-401",
    title: "A 401 that says Berm is not enabled is explained as a wrong path",
    source: MANTLE_GUIDE,
    cassette: "errors/berm_not_enabled",
    options: (context) => withToken(context, "/v1"),
    way: "chat",
    model: "google.gemma-4-31b",
    advice: [/one path/, /`baseURL` to https?:\/\/[^ ]+\/openai\/v1\./],
  },
  {
    id: "no-right-to-infer",
    title: "The error about a policy without CreateInference names the action and a managed policy",
    source: LITELLM_33094,
    cassette: "errors/create_inference_denied",
    advice: [/bedrock-mantle:CreateInference/, /AmazonBedrockMantleInferenceAccess/],
  },
  {
    id: "no-right-to-bearer-tokens",
    title: "The error about a policy without CallWithBearerToken names the action and its resource",
    source: KEYS,
    cassette: "errors/call_with_bearer_token_denied",
    advice: [/bedrock-mantle:CallWithBearerToken/, /Resource "\*"/],
  },
  {
    id: "no-right-to-bearer-tokens-on-runtime",
    title: "On Bedrock Runtime, the error about CallWithBearerToken names Runtime's action",
    source: KEYS,
    cassette: "runtime/call_with_bearer_token_denied",
    needs: ["runtime"],
    options: runtimeWithToken,
    model: RUNTIME_MODEL,
    advice: [/bedrock:CallWithBearerToken/, /Resource "\*"/],
  },
  {
    id: "wrong-service",
    title:
      "The error about a signature for another service names the service and region signed for",
    source: LITELLM_31476,
    cassette: "errors/wrong_service",
    needs: ["sigv4"],
    options: (context) => withKeys(context),
    advice: [/signed for bedrock-mantle in us-west-2/, /Set `endpoint` and `region`/],
  },
  {
    id: "expired-session",
    title: "The error about an expired session says how to log in",
    source: EXPIRED_TOKEN,
    cassette: "errors/expired_session_token",
    needs: ["sigv4"],
    options: withSession,
    advice: [/credentials have expired/, /log in/i],
  },
  {
    id: "expired-api-key",
    title:
      "An expired API key is not explained as a wrong clock, although its signature has expired",
    source: CODEX_28992,
    cassette: "errors/signature_expired",
    advice: [/API key has expired/],
  },
  {
    id: "skewed-clock",
    title: "A signature that expires immediately is explained as a wrong clock",
    source: CODEX_28992,
    cassette: "errors/signature_expired",
    needs: ["sigv4"],
    options: (context) => withKeys(context),
    advice: [/clock/],
  },
  {
    id: "unknown-keys",
    title: "The error about unknown keys says that AWS does not recognize them",
    source: CODEX_37246,
    cassette: "errors/invalid_access_key",
    needs: ["sigv4"],
    options: withSession,
    advice: [/does not recognize these credentials/, /session token/],
  },
  {
    id: "unknown-api-key",
    title: "The error about an unknown API key says that Bedrock does not recognize it",
    source: CODEX_23650,
    cassette: "errors/invalid_bearer_token",
    advice: [/does not recognize this API key/],
  },
  {
    id: "unknown-api-key-on-runtime",
    title:
      "An unknown API key is explained on Bedrock Runtime, which refuses it in AWS's own format",
    source: "https://github.com/anomalyco/opencode/issues/47073",
    cassette: "runtime/invalid_key",
    needs: ["runtime"],
    options: runtimeWithToken,
    model: RUNTIME_MODEL,
    advice: [/does not recognize this API key/],
  },
];

const profileId: Case = {
  id: "explained/model-of-runtime",
  title: "The error about an inference profile, which Mantle does not know, points to Runtime",
  source: NOTEBOOKS,
  own: true,
  needs: ["respond", "explains"],
  mantle: {},
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    const error = await failureOf(askModel(connection, "respond", RUNTIME_MODEL));
    const message = `The model '${RUNTIME_MODEL}' does not exist`;
    const expected = {
      status: 404,
      code: "not_found_error",
      type: "invalid_request_error",
      message,
    };
    explains(error, expected, [/inference profile/, /`endpoint` to "runtime"/], context);
    const other = await failureOf(askModel(connection, "respond", "openai.gpt-0"));
    const text = (other as Error).message;
    equal(/inference profile/.test(text), false, "Another model is explained as one of Runtime's");
  },
  negative: dropsMessages,
};

export const explanations: readonly Case[] = [...all.map(explained), profileId];
