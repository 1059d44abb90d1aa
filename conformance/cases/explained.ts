import type { Case, Context, SubjectOptions } from "../case.ts";
import { cassette, type CassetteId } from "../cassettes/mod.ts";
import { equal } from "../check.ts";
import { asks, explains, failureOf, saidIn, speechless } from "./failures.ts";
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
  /** Its first exchange is the failure. */
  readonly cassette: CassetteId;
  readonly needs?: Case["needs"];
  readonly options?: (context: Context) => SubjectOptions;
  readonly way?: "respond" | "chat";
  readonly model?: string;
  /** What the explanation says. */
  readonly words: readonly RegExp[];
}

function explained(
  {
    cassette: id,
    needs = [],
    options = withToken,
    way = "respond",
    model = MODEL,
    words,
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
      const error = await failureOf(asks(connection, way, model));
      explains(error, saidIn(exchange?.response), words, context);
      equal(context.sent.length, 1, "Requests");
    },
    negative: speechless,
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
    title: "A model under the wrong path, refused by 400, is told with the base URL to set",
    source: NOTEBOOKS,
    cassette: "errors/gpt_on_v1",
    options: (context) => withToken(context, "/v1"),
    words: [/one path/, /`baseURL` to https?:\/\/[^ ]+\/openai\/v1\./],
  },
  {
    id: "wrong-path-of-a-known-route",
    title: "A wrong path that the program's own routes led to is told with the route to set",
    source: NOTEBOOKS,
    cassette: "errors/gpt_oss_on_openai_v1",
    options: (context) => ({ ...derived(context), routes: [[V1_MODEL, "/openai/v1"]] }),
    model: V1_MODEL,
    words: [/one path/, /`routes: \[\["openai\.gpt-oss-120b", "\/v1"\]\]`/],
  },
  {
    id: "wrong-path-by-401",
    title: "A wrong path that is refused by 401, as if the account lacked Berm, is told as a path",
    source: MANTLE_GUIDE,
    cassette: "errors/berm_not_enabled",
    options: (context) => withToken(context, "/v1"),
    way: "chat",
    model: "google.gemma-4-31b",
    words: [/one path/, /`baseURL` to https?:\/\/[^ ]+\/openai\/v1\./],
  },
  {
    id: "no-right-to-infer",
    title: "A policy without CreateInference is told with the action and a managed policy",
    source: LITELLM_33094,
    cassette: "errors/create_inference_denied",
    words: [/bedrock-mantle:CreateInference/, /AmazonBedrockMantleInferenceAccess/],
  },
  {
    id: "no-right-to-bearer-tokens",
    title: "A policy without CallWithBearerToken is told with the action and its resource",
    source: KEYS,
    cassette: "errors/call_with_bearer_token_denied",
    words: [/bedrock-mantle:CallWithBearerToken/, /Resource "\*"/],
  },
  {
    id: "no-right-to-bearer-tokens-on-runtime",
    title: "A policy without CallWithBearerToken is told on Bedrock Runtime with its own action",
    source: KEYS,
    cassette: "runtime/call_with_bearer_token_denied",
    needs: ["runtime"],
    options: runtimeWithToken,
    model: RUNTIME_MODEL,
    words: [/bedrock:CallWithBearerToken/, /Resource "\*"/],
  },
  {
    id: "wrong-service",
    title: "A signature for another service is told with what it was signed for",
    source: LITELLM_31476,
    cassette: "errors/wrong_service",
    needs: ["sigv4"],
    options: (context) => withKeys(context),
    words: [/signed for bedrock-mantle in us-west-2/, /Set endpoint and region/],
  },
  {
    id: "expired-session",
    title: "A session past its time is told with the way to log in",
    source: EXPIRED_TOKEN,
    cassette: "errors/expired_session_token",
    needs: ["sigv4"],
    options: withSession,
    words: [/credentials have ended/, /log in/i],
  },
  {
    id: "expired-api-key",
    title: "An API key past its time, whose signature has expired, is not told as a wrong clock",
    source: CODEX_28992,
    cassette: "errors/signature_expired",
    words: [/API key has ended/],
  },
  {
    id: "skewed-clock",
    title: "A signature that is past its time at once is told as a wrong clock",
    source: CODEX_28992,
    cassette: "errors/signature_expired",
    needs: ["sigv4"],
    options: (context) => withKeys(context),
    words: [/clock/],
  },
  {
    id: "unknown-keys",
    title: "Keys that AWS does not know are told as such",
    source: CODEX_37246,
    cassette: "errors/invalid_access_key",
    needs: ["sigv4"],
    options: withSession,
    words: [/does not know these credentials/, /session token/],
  },
  {
    id: "unknown-api-key",
    title: "An API key that Bedrock does not know is told as such",
    source: CODEX_23650,
    cassette: "errors/invalid_bearer_token",
    words: [/does not know this API key/],
  },
  {
    id: "unknown-api-key-on-runtime",
    title: "An API key that Bedrock Runtime refuses in AWS's own shape is told as such",
    source: "https://github.com/anomalyco/opencode/issues/47073",
    cassette: "runtime/invalid_key",
    needs: ["runtime"],
    options: runtimeWithToken,
    model: RUNTIME_MODEL,
    words: [/does not know this API key/],
  },
];

const profileId: Case = {
  id: "explained/model-of-runtime",
  title: "The id of an inference profile, which Mantle does not know, is told as one of Runtime's",
  source: NOTEBOOKS,
  own: true,
  needs: ["respond", "explains"],
  mantle: {},
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    const error = await failureOf(asks(connection, "respond", RUNTIME_MODEL));
    const message = `The model '${RUNTIME_MODEL}' does not exist`;
    const said = { status: 404, code: "not_found_error", type: "invalid_request_error", message };
    explains(error, said, [/inference profile/, /`endpoint: "runtime"`/], context);
    const other = await failureOf(asks(connection, "respond", "openai.gpt-0"));
    const text = (other as Error).message;
    equal(/inference profile/.test(text), false, "Another model is told as one of Runtime's");
  },
  negative: speechless,
};

export const explanations: readonly Case[] = [...all.map(explained), profileId];
