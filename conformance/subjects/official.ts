import type { ClientOptions } from "openai";
import type { bedrock } from "openai/providers/bedrock/aws";
import type { Subject } from "../case.ts";
import { type OpenAIClass, overOpenAI } from "./openai_client.ts";
import { readingProcess } from "./scoped.ts";

/** How the provider of the official SDK is put into its client; both must be of one version. */
export interface OfficialOptions {
  readonly name: string;
  /** `bedrock` of `openai/providers/bedrock/aws`. */
  readonly bedrock: typeof bedrock;
  readonly OpenAI: OpenAIClass;
}

/** The provider of the official SDK, which reads the variables of the process. */
export function official({ name, bedrock, OpenAI }: OfficialOptions): Subject {
  return readingProcess({
    name,
    lacks: ["lookupTimeout"],
    async connect({ env: _, tokenProvider, ...options }, fetch) {
      const token = tokenProvider && { tokenProvider: async () => await tokenProvider() };
      const provider = bedrock({ ...options, ...token }) as ClientOptions["provider"];
      return overOpenAI(new OpenAI({ provider, fetch, dangerouslyAllowBrowser: true }));
    },
  });
}
