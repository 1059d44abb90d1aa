import OpenAI, { type ClientOptions } from "openai";
import { bedrock as keyBedrock, type BedrockProviderOptions, type Fetch } from "@mantle/bedrock";
import { bedrock, BedrockError, mintKey, tokenProvider } from "@mantle/bedrock/aws";
import { type BedrockClientOptions, BedrockOpenAI, fromEnvironment } from "@mantle/bedrock/openai";

const region = "us-west-2";
const options: BedrockProviderOptions = { region, apiKey: "key" };

/** In place, and through a constant; as a provider, and whole. */
const provider = bedrock({ region });
const keyProvider = keyBedrock(options);
export const clients: OpenAI[] = [
  new OpenAI({ provider: bedrock({ region }) }),
  new OpenAI({ provider: keyBedrock(options), maxRetries: 5 }),
  new OpenAI(bedrock({ region })),
  new OpenAI({ ...keyBedrock({ region }), timeout: 1000 }),
  new OpenAI({ provider }),
  new OpenAI({ provider: provider.provider }),
  new OpenAI(provider),
  new OpenAI({ provider: keyProvider }).withOptions({ provider }),
  new BedrockOpenAI({ awsRegion: region, awsProfile: "work", timeout: 1000 }),
  fromEnvironment({ maxRetries: 0 }),
];

const made: ClientOptions = { provider, fetch: provider.fetch };
export const client: OpenAI = new OpenAI(made);

export class Own extends BedrockOpenAI {
  constructor(options: BedrockClientOptions) {
    super({ maxRetries: 1, ...options });
  }
}
export const own: Own = new Own({ awsRegion: region }).withOptions({ timeout: 1 });

const { url, fetch }: { readonly url: string; readonly fetch: Fetch } = provider;

export async function ask(): Promise<string> {
  try {
    const { key } = await mintKey({ region, profile: "work" });
    const response = await fetch(`${url}/models`, { headers: { authorization: `Bearer ${key}` } });
    keyBedrock({ region, tokenProvider: tokenProvider({ region }) });
    return await response.text();
  } catch (error) {
    if (error instanceof BedrockError && error.code === "region_missing") return error.message;
    throw error;
  }
}

// @ts-expect-error: the result is no `any`
provider.nothing;
// @ts-expect-error: nor are the clients
clients[0]?.nothing;
