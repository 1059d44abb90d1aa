import type { ClientOptions } from "openai";
import type { bedrock } from "openai/providers/bedrock/aws";
import type { Capability, Subject, SubjectOptions } from "../case.ts";
import { edited } from "./edited.ts";
import { WITHOUT_FETCH } from "./without_fetch.ts";
import { type OpenAIClass, overOpenAI, type Parts } from "./openai_client.ts";
import { readingProcess } from "./scoped.ts";

/** How the provider of the official SDK is put into its client; both must be of one version. */
export interface OfficialOptions {
  readonly name: string;
  /** `bedrock` of `openai/providers/bedrock/aws`. */
  readonly bedrock: typeof bedrock;
  readonly OpenAI: OpenAIClass;
  /** What its version lacks besides. */
  readonly lacks?: readonly Capability[];
}

/** The provider of the official SDK, which reads the variables of the process. */
export function official({ name, bedrock, OpenAI, lacks = [] }: OfficialOptions): Subject {
  return readingProcess({
    name,
    lacks: ["lookupTimeout", "streamBodies", ...WITHOUT_FETCH, "fetch", ...lacks],
    async connect(options, fetch) {
      const partsOf = (
        { env: _, log: __, edit, tokenProvider, ...rest }: SubjectOptions,
      ): Parts => {
        const token = tokenProvider && { tokenProvider: async () => await tokenProvider() };
        const provider = bedrock({ ...rest, ...token }) as Provider;
        return { client: { provider, fetch: edited(fetch, edit) }, held: [provider] };
      };
      return overOpenAI(OpenAI, partsOf, options);
    },
  });
}

type Provider = NonNullable<ClientOptions["provider"]>;
