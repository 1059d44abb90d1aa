import type { ClientOptions } from "openai";
import type { bedrock, BedrockProviderOptions } from "../../mod.ts";
import type { Capability, Subject, SubjectOptions } from "../case.ts";
import { edited } from "./edited.ts";
import { minted } from "./minted.ts";
import { type OpenAIClass, overOpenAI, type Parts } from "./openai_client.ts";
import { readingProcess } from "./scoped.ts";
import { foundVariables } from "./variables.ts";
import { WITHOUT_FETCH } from "./without_fetch.ts";

/** How an entry of this module is put into an OpenAI client. */
export interface OursOptions {
  /** Which entry it is, and which version of the client. */
  readonly name: string;
  /** `bedrock` of either entry. */
  readonly bedrock: typeof bedrock;
  readonly OpenAI: OpenAIClass;
  /** Whether the client gets the whole of it, which installs its `fetch` besides. */
  readonly whole?: boolean;
  readonly lacks?: readonly Capability[];
}

/** This module in an OpenAI client. */
export function ours({ name, bedrock, OpenAI, whole = false, lacks }: OursOptions): Subject {
  return readingProcess({
    name,
    lacks: whole ? lacks : [...lacks ?? [], ...WITHOUT_FETCH],
    async connect(options, fetch) {
      const partsOf = ({ env = {}, log: _, edit, ...rest }: SubjectOptions): Parts => {
        const own = { ...rest, env: foundVariables(env), fetch } as BedrockProviderOptions;
        const configured = bedrock<Provider>(own);
        const { provider } = configured;
        const client = whole ? configured : { provider, fetch };
        return {
          client: edit ? { provider, fetch: edited(client.fetch, edit) } : client,
          held: [configured, provider],
          fetch: configured.fetch,
        };
      };
      return overOpenAI(OpenAI, partsOf, options);
    },
    mintKey: minted,
  });
}

type Provider = NonNullable<ClientOptions["provider"]>;
