import { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import { createOpenAI } from "@ai-sdk/openai";
import { AwsClient } from "aws4fetch";
import OpenAI from "openai";
import { bedrock as officialBearer } from "openai/providers/bedrock";
import { bedrock as officialAws } from "openai/providers/bedrock/aws";
import { bedrock as oursBearer } from "../mod.ts";
import { bedrock as oursAws } from "../aws.ts";
import { createBedrock } from "../src/bedrock.ts";
import { webDigest } from "../src/platform/digest.ts";
import { PLATFORM } from "../src/platform/platform.ts";
import {
  AI_SDK,
  AWS4FETCH,
  IDENTITY,
  MODEL,
  OFFICIAL_AWS,
  OFFICIAL_BEARER,
  ORIGIN,
  OURS,
  OURS_WEB_CRYPTO,
  PLAIN,
  PLAIN_AI_SDK,
  PLAIN_FETCH,
  REGION,
  TOKEN,
} from "./subjects.ts";

/** Makes calls, each with what it sends through. */
export type Callers = Record<string, () => Promise<unknown>>;
type Fetch = typeof globalThis.fetch;

const BASE = `${ORIGIN}/openai/v1`;

/** Creates callers of `responses.create` with AWS keys. */
export function signingClients(input: string, fetch: Fetch): Callers {
  const webCrypto = createBedrock({ region: REGION, ...IDENTITY }, {
    platform: { ...PLATFORM, digest: () => webDigest },
  });
  return {
    [PLAIN]: creating(new OpenAI({ apiKey: TOKEN, baseURL: BASE, fetch }), input),
    [OURS]: provided(oursAws({ region: REGION, ...IDENTITY }).provider, input, fetch),
    [OURS_WEB_CRYPTO]: provided(webCrypto.provider, input, fetch),
    [OFFICIAL_AWS]: provided(officialAws({ region: REGION, ...IDENTITY }), input, fetch),
    ...aiSdkClients(input, fetch, IDENTITY),
  };
}

/** Creates callers of `responses.create` with a bearer token. */
export function bearerClients(input: string, fetch: Fetch): Callers {
  const options = { region: REGION, apiKey: TOKEN };
  return {
    [PLAIN]: creating(new OpenAI({ apiKey: TOKEN, baseURL: BASE, fetch }), input),
    [OURS]: provided(oursBearer(options).provider, input, fetch),
    [OFFICIAL_BEARER]: provided(officialBearer(options), input, fetch),
    ...aiSdkClients(input, fetch, { apiKey: TOKEN }),
  };
}

/** Creates callers with a `fetch` of their own and AWS keys. */
export function signingFetches(body: string, send: Fetch): Callers {
  const { fetch } = oursBearer({ region: REGION, ...IDENTITY, fetch: send });
  const aws = new AwsClient({ ...IDENTITY, region: REGION, service: "bedrock-mantle" });
  const headers = { accept: "application/json", "content-type": "application/json" };
  const init = { method: "POST", headers, body };
  const url = `${BASE}/responses`;
  return {
    [PLAIN_FETCH]: async () => await (await send(url, init)).text(),
    [OURS]: async () => await (await fetch(url, init)).text(),
    [AWS4FETCH]: async () => await (await send(await aws.sign(url, init))).text(),
  };
}

function provided(provider: unknown, input: string, fetch: Fetch): () => Promise<unknown> {
  return creating(new OpenAI({ provider: provider as never, fetch }), input);
}

function creating(client: OpenAI, input: string): () => Promise<unknown> {
  return () => client.responses.create({ model: MODEL, input });
}

function aiSdkClients(input: string, fetch: Fetch, credential: object): Callers {
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: input }] }];
  const plain = createOpenAI({ apiKey: TOKEN, baseURL: BASE, fetch }).responses(MODEL);
  const options = { region: REGION, baseURL: BASE, fetch, ...credential };
  const theirs = createBedrockMantle(options).responses(MODEL);
  return {
    [PLAIN_AI_SDK]: async () => await plain.doGenerate({ prompt }),
    [AI_SDK]: async () => await theirs.doGenerate({ prompt }),
  };
}
