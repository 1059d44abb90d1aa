import type { ClientOptions } from "openai";
import type { bedrock } from "openai/providers/bedrock/aws";
import type { Capability, Subject, SubjectOptions } from "../case.ts";
import { editFetch, FETCH_ONLY } from "./fetch.ts";
import { connectOpenAI, type OpenAIClass, type Parts } from "./openai_client.ts";
import { withProcessVariables } from "./process_variables.ts";

/** The provider of the official SDK and its client, which must be of the same version. */
export interface OfficialOptions {
  readonly name: string;
  /** `bedrock` of `openai/providers/bedrock/aws`. */
  readonly bedrock: typeof bedrock;
  readonly OpenAI: OpenAIClass;
  /** The capabilities that this version lacks besides. */
  readonly lacks?: readonly Capability[];
}

/** Creates the subject of the official SDK's provider, which reads the variables of the process. */
export function official({ name, bedrock, OpenAI, lacks = [] }: OfficialOptions): Subject {
  return withProcessVariables({
    name,
    lacks: ["lookupTimeout", "streamBodies", ...FETCH_ONLY, "fetch", ...lacks],
    async connect(options, fetch) {
      const partsOf = (
        { env: _, log: __, edit, tokenProvider, ...rest }: SubjectOptions,
      ): Parts => {
        const token = tokenProvider && { tokenProvider: async () => await tokenProvider() };
        const provider = bedrock({ ...rest, ...token }) as Provider;
        return { client: { provider, fetch: editFetch(fetch, edit) }, held: [provider] };
      };
      return connectOpenAI(OpenAI, partsOf, options);
    },
  });
}

type Provider = NonNullable<ClientOptions["provider"]>;
