import type { ClientOptions } from "openai";
import type { bedrock, BedrockProviderOptions } from "../../mod.ts";
import type { Capability, Subject, SubjectOptions } from "../case.ts";
import { editFetch, FETCH_ONLY } from "./fetch.ts";
import { mint } from "./mint.ts";
import { connectOpenAI, type OpenAIClass, type Parts } from "./openai_client.ts";
import { withProcessVariables } from "./process_variables.ts";
import { foundVariables } from "./variables.ts";

/** An entry of this module and an OpenAI client. */
export interface OursOptions {
  readonly name: string;
  /** `bedrock` of either entry. */
  readonly bedrock: typeof bedrock;
  readonly OpenAI: OpenAIClass;
  /** True if the client gets the whole object, which also installs its `fetch`. */
  readonly whole?: boolean;
  readonly lacks?: readonly Capability[];
}

/** Creates the subject of this module in an OpenAI client. */
export function ours({ name, bedrock, OpenAI, whole = false, lacks }: OursOptions): Subject {
  return withProcessVariables({
    name,
    lacks: whole ? lacks : [...lacks ?? [], ...FETCH_ONLY],
    async connect(options, fetch) {
      const partsOf = ({ env = {}, log: _, edit, ...rest }: SubjectOptions): Parts => {
        const own = { ...rest, env: foundVariables(env), fetch } as BedrockProviderOptions;
        const configured = bedrock<Provider>(own);
        const { provider } = configured;
        const client = whole ? configured : { provider, fetch };
        return {
          client: edit ? { provider, fetch: editFetch(client.fetch, edit) } : client,
          held: [configured, provider],
          fetch: configured.fetch,
        };
      };
      return connectOpenAI(OpenAI, partsOf, options);
    },
    mintKey: mint,
  });
}

type Provider = NonNullable<ClientOptions["provider"]>;
